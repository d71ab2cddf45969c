/** Whether there may be such a number at all, where a number may stand; most often there is none. */
const SUSPECT = /(?:^|[:[,])\s*-?(?:\d{16}|[\d.]+[eE][+-]?\d+\s*(?:[\]},]|$))/;

/**
 * JSON text with every number in quotes that parsing would lose: integers beyond 2^53, and what is beyond any double.
 * @param text JSON
 */
export function quoteLargeNumbers(text: string): string {
  if (!SUSPECT.test(text)) return text;
  /** Where a text begins, or a number. */
  const token = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  const parts: string[] = [];
  let copied = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[0] === '"') {
      // Not by a pattern: one for a whole text with many escapes in it exceeds the stack.
      token.lastIndex = endOfText(text, found.index);
    } else if (isLost(found[0])) {
      parts.push(text.slice(copied, found.index), `"${found[0]}"`);
      copied = token.lastIndex;
    }
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(copied);
}

function isLost(digits: string): boolean {
  const number = Number(digits);
  return !Number.isFinite(number) || (!Number.isSafeInteger(number) && /^-?\d+$/.test(digits));
}

/** Where a text of JSON is over: behind its last quote. @param start where its first quote stands */
export function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text[at - 1 - escapes] === "\\") escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  return text.length;
}
