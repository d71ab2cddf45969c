import type { KeyMask } from "./key-mask.ts";
import { quoteLargeNumbers } from "./large-numbers.ts";

/** No page comes near: a session is a flat object. What parsing takes grows with the depth. */
export const MOST_LEVELS = 1000;

const QUOTE = '"'.charCodeAt(0);
const BACKSLASH = "\\".charCodeAt(0);
const OPENING = new Set(Buffer.from("[{"));
const CLOSING = new Set(Buffer.from("]}"));

/**
 * Whether lists and objects in a body nest deeper than in any page.
 * @param body JSON; nothing is promised for what is none
 */
export function nestsTooDeep(body: Buffer): boolean {
  let levels = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at] ?? 0;
    if (byte === QUOTE) at = endOfText(body, at);
    else if (CLOSING.has(byte)) levels -= 1;
    else if (OPENING.has(byte)) levels += 1;
    if (levels > MOST_LEVELS) return true;
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
