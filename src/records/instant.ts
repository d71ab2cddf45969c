const DAY_MS = 86_400_000;
/** Years that every destination can store. Date.UTC would take year 1 for 1901. */
const FIRST = Date.parse("0001-01-01T00:00:00Z");
const LAST = Date.UTC(10_000, 0, 1) - 1;

/** Turns Unix ms into ISO 8601 instants in UTC, e.g. 2024-01-31T23:59:59.123Z. */
export type ToInstant = (at: number | undefined) => string | null;

/**
 * A conversion that keeps the day it met last, since sessions come by the hundred a day.
 * @returns null for undefined, and outside the years 1 to 9999
 */
export function createToInstant(): ToInstant {
  let day = Number.NaN;
  let date = "";
  return (at) => {
    if (at === undefined || at < FIRST || at > LAST) return null;
    const number = Math.floor(at / DAY_MS);
    if (number !== day) {
      day = number;
      date = new Date(number * DAY_MS).toISOString().slice(0, 11);
    }
    const ms = at - number * DAY_MS;
    const clock = `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}`;
    return `${date}${clock}.${String(ms % 1000).padStart(3, "0")}Z`;
  };
}

function two(value: number): string {
  const whole = Math.floor(value);
  return whole < 10 ? `0${whole}` : `${whole}`;
}
