import { toInteger } from "./convert-value.ts";

/** Nothing was recorded before the web was. */
const FIRST = Date.UTC(1990, 0, 1);
const LAST = Date.UTC(2100, 0, 1);

/** When a row started, Unix ms; undefined where that is no number. @param value of the start field */
export function startOf(value: unknown): number | undefined {
  return value === undefined || value === null ? undefined : toInteger(value);
}

/**
 * Whether a start can be what the API searches by. One of the year 1970 (seconds taken for ms), or 9999, lies in no span
 * that is asked for: such a session has to be taken where it is met.
 * @param start Unix ms
 */
export function isPlausible(start: number): boolean {
  return start >= FIRST && start < LAST;
}
