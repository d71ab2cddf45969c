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

/** Years that every destination can store. Date.UTC would take year 1 for 1901. */
const FIRST_YEAR = Date.parse("0001-01-01T00:00:00Z");
const LAST_YEAR = Date.UTC(10_000, 0, 1) - 1;

/**
 * Turns Unix ms into an ISO 8601 instant in UTC, e.g. 2024-01-31T23:59:59.123Z.
 * @returns null for undefined, and outside the years 1 to 9999
 */
export function toInstant(at: number | undefined): string | null {
  return at === undefined || at < FIRST_YEAR || at > LAST_YEAR ? null : new Date(at).toISOString();
}
