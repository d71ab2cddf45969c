/** Integers beyond 2^53, which a double cannot hold, have at least so many digits. */
const LONG = 16;
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Whether a text has a run of digits that is long enough for an integer beyond 2^53.
 * @param bytes the text in UTF-8
 */
export function hasLongNumber(bytes: Uint8Array): boolean {
  // A run of 16 digits can't slip through between every sixteenth byte.
  for (let at = LONG - 1; at < bytes.length; at += LONG) {
    if (isDigit(bytes[at]) && runLength(bytes, at) >= LONG) return true;
  }
  return false;
}

/**
 * JSON text with every integer beyond 2^53 put in quotes, so that parsing does not round it.
 * @param text JSON
 */
export function quoteBigIntegers(text: string): string {
  return text.replace(TOKEN, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}

function runLength(bytes: Uint8Array, at: number): number {
  let first = at;
  while (isDigit(bytes[first - 1])) first -= 1;
  let last = at;
  while (isDigit(bytes[last + 1])) last += 1;
  return last - first + 1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
