import type { KeyMask } from "./key-mask.ts";
import { endOfText, quoteLargeNumbers } from "./large-numbers.ts";

/** What parsing takes grows with the depth. A value that nests less, and deeper than readers take, is null in its record. */
export const MOST_LEVELS = 100_000;

/**
 * Whether lists and objects in a body nest deeper than in any page.
 * @param body JSON; nothing is promised for what is none
 */
export function nestsTooDeep(body: Buffer): boolean {
  // Each level takes two bytes: a page has fewer than that.
  if (body.length <= 2 * MOST_LEVELS) return false;
  // A letter for each byte: what is looked for is ASCII.
  const json = body.toString("latin1");
  let levels = 0;
  for (let at = 0; at < json.length && levels <= MOST_LEVELS; at += 1) {
    const letter = json[at];
    if (letter === '"') at = endOfText(json, at) - 1;
    else if (letter === "[" || letter === "{") levels += 1;
    else if (letter === "]" || letter === "}") levels -= 1;
  }
  return levels > MOST_LEVELS;
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
