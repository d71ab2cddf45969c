/** Years that every destination can store. Date.UTC would take year 1 for 1901. */
const FIRST = Date.parse("0001-01-01T00:00:00Z");
const LAST = Date.UTC(10_000, 0, 1) - 1;

/**
 * Turns Unix ms into an ISO 8601 instant in UTC, e.g. 2024-01-31T23:59:59.123Z.
 * @returns null for undefined, and outside the years 1 to 9999
 */
export function toInstant(at: number | undefined): string | null {
  return at === undefined || at < FIRST || at > LAST ? null : new Date(at).toISOString();
}
