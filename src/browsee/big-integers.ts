/** Integers beyond 2^53, which a double cannot hold, have at least so many digits. */
const LONG = 16;
/** Where a text begins, or a number. */
const TOKEN = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

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
  const token = new RegExp(TOKEN);
  const parts: string[] = [];
  let copied = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[0] === '"') {
      // Not by a pattern: one for a whole text with many escapes in it exceeds the stack.
      token.lastIndex = endOfText(text, found.index);
    } else if (/^-?\d+$/.test(found[0]) && !Number.isSafeInteger(Number(found[0]))) {
      parts.push(text.slice(copied, found.index), `"${found[0]}"`);
      copied = token.lastIndex;
    }
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(copied);
}

/** Behind the quote that ends the text which begins with the quote at `start`. */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text[at - 1 - escapes] === "\\") escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  return text.length;
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
