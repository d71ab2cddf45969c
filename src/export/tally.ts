import type { Emission } from "../sync/emission.ts";
import { dayText, LAST_DAY_MS } from "./quantities.ts";

const DAY_MS = 86_400_000;

/** What was written in one export. */
export interface Tally {
  readonly written: number;
  /** Unix ms of the first and the last start; undefined where there was none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Sessions by the day they started on (YYYY-MM-DD, UTC). */
  readonly days: ReadonlyMap<string, number>;
}

/** Counts what is written. */
export interface TallyKeeper {
  /** Counts sessions by the number alone. */
  count(sessions: number): void;
  /** Counts sessions, and looks when they started. */
  add(batch: readonly Emission[]): void;
  now(): Tally;
}

/** @param cursorField column with Unix ms */
export function createTally(cursorField: string): TallyKeeper {
  let written = 0;
  let first: number | undefined;
  let last: number | undefined;
  /** By number since 1970: making a text of each start would take long. */
  const days = new Map<number, number>();
  return {
    count(sessions) {
      written += sessions;
    },
    add(batch) {
      written += batch.length;
      for (const { data } of batch) {
        const start = data[cursorField];
        if (typeof start !== "number" || start < 0 || start > LAST_DAY_MS) continue;
        first = first === undefined || start < first ? start : first;
        last = last === undefined || start > last ? start : last;
        const day = Math.floor(start / DAY_MS);
        days.set(day, (days.get(day) ?? 0) + 1);
      }
    },
    now: () => ({ written, first, last, days: byDate(days) }),
  };
}

function byDate(days: ReadonlyMap<number, number>): ReadonlyMap<string, number> {
  const inOrder = [...days].sort(([one], [other]) => one - other);
  return new Map(inOrder.map(([day, count]) => [dayText(day * DAY_MS), count]));
}
