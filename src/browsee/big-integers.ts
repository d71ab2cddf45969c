/** A page with a run of this many digits may hold a number that a double cannot. */
const LONG_RUN = /\d{16}/;
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * JSON text with every integer beyond 2^53 put in quotes, so that parsing does not round it.
 * @param text JSON
 * @returns the same text where there is none
 */
export function quoteBigIntegers(text: string): string {
  if (!LONG_RUN.test(text)) return text;
  return text.replace(TOKEN, (token) =>
    /^-?\d+$/.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token,
  );
}
