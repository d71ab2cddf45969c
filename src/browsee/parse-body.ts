import type { KeyMask } from "./key-mask.ts";
import { quoteLargeNumbers } from "./large-numbers.ts";

/** What parsing takes grows with the depth. A value that nests less, and deeper than readers take, is null in its record. */
export const MOST_LEVELS = 100_000;

// As bytes: " \ [ ] { }
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING_BRACKET = 0x5b;
const CLOSING_BRACKET = 0x5d;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;

/**
 * Whether lists and objects in a body nest deeper than in any page.
 * @param body JSON; nothing is promised for what is none
 */
export function nestsTooDeep(body: Buffer): boolean {
  // Each level takes two bytes: a page has fewer than that.
  if (body.length <= 2 * MOST_LEVELS) return false;
  let levels = 0;
  for (let at = 0; at < body.length; at += 1) {
    switch (body[at]) {
      case QUOTE:
        at = endOfText(body, at);
        break;
      case OPENING_BRACKET:
      case OPENING_BRACE:
        levels += 1;
        if (levels > MOST_LEVELS) return true;
        break;
      case CLOSING_BRACKET:
      case CLOSING_BRACE:
        levels -= 1;
    }
  }
  return false;
}

/** Where the text ends that begins with the quote at `start`. */
function endOfText(body: Buffer, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== QUOTE) at += body[at] === BACKSLASH ? 2 : 1;
  return at;
}

/**
 * Parses a body so that no number is rounded and no key is let through.
 * @returns undefined for what is not JSON
 */
export function parseBody(body: Buffer, mask: KeyMask): unknown {
  try {
    const value: unknown = JSON.parse(quoteLargeNumbers(body.toString()));
    return mask.suspects(body) ? mask.clean(value) : value;
  } catch {
    // Not JSON is a response too: the caller tells it from the status.
    return undefined;
  }
}
