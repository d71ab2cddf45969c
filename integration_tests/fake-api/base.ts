import type { Endpoint } from "./endpoints.ts";
import { generateSession } from "./generate.ts";
import type { JsonValue } from "./json.ts";
import { type Schedule, scheduler } from "./schedule.ts";
import { isSession } from "./session.ts";

/** The sessions that a stand-in starts with: fixed, ordered by start, read by index (0 to count - 1). */
export interface BaseSet {
  readonly count: number;
  /** The start that the session is filed under, ms since the epoch; never decreases with the index. */
  readonly timestampAt: (index: number) => number;
  readonly rowAt: (index: number) => JsonValue;
}

/** A set of which nothing is kept in memory: each session is made anew whenever it is asked for. */
export function generatedBase(schedule: Schedule, generate: Endpoint["generate"] = generateSession): BaseSet {
  const { count, seed } = schedule;
  const timestampAt = scheduler(schedule);
  const pool = regularsOf(count);
  return { count, timestampAt, rowAt: (index) => generate(seed, index, timestampAt(index), pool) };
}

/** How many visitors come back again and again in a set of that size. */
export function regularsOf(count: number): number {
  return Math.max(1, Math.floor(count / 10));
}

/** The start that a row states, ms since the epoch, digits in a string included; otherwise undefined. */
export function statedStart(row: JsonValue): number | undefined {
  const stated = isSession(row) ? row.timestamp : undefined;
  const start = typeof stated === "string" && stated.trim() !== "" ? Number(stated) : stated;
  return typeof start === "number" && Number.isFinite(start) ? start : undefined;
}

/**
 * Rows given one by one. A row that states no start (a broken one) is filed under the start of the row before it, or
 * of the first that states one, so that it stays among its neighbours.
 * @param fallback where no row states a start: what all are filed under, ms since the epoch
 */
export function explicitBase(rows: readonly JsonValue[], fallback: number): BaseSet {
  let last = rows.map(statedStart).find((start) => start !== undefined) ?? fallback;
  const filed = rows.map((row) => {
    last = statedStart(row) ?? last;
    return { row, timestamp: last };
  });
  filed.sort((one, other) => one.timestamp - other.timestamp);
  const at = (index: number) => {
    const found = filed[index];
    if (found === undefined) throw new RangeError(`no session ${index}`);
    return found;
  };
  return {
    count: filed.length,
    timestampAt: (index) => at(index).timestamp,
    rowAt: (index) => at(index).row,
  };
}
