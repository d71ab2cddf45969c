import { quoteLargeNumbers } from "./large-numbers.ts";
import type { Fields } from "./page.ts";

/**
 * Parses a row, or a part of one, so that no number is rounded.
 * @param json of an object
 * @throws SyntaxError
 */
export function parseFields(json: string): Fields {
  return JSON.parse(quoteLargeNumbers(json));
}
