import type { BaseSet } from "./base.ts";
import type { InsertedList } from "./inserted.ts";
import type { RemovedIndexes } from "./removed.ts";
import { firstIndex } from "./search.ts";

/** A range of starts found in the set, valid until the set's version changes. */
export interface Range {
  /** How many sessions it holds. */
  readonly total: number;
  /** Indexes of the base set, first inclusive, last exclusive. */
  readonly base: readonly [first: number, last: number];
  /** Positions in the list of inserted sessions, first inclusive, last exclusive. */
  readonly inserted: readonly [first: number, last: number];
}

/** Finds parts of the set by start without going through it. */
export interface Ranges {
  /** The sessions that started from `from` (inclusive) to `to` (exclusive), ms since the epoch. */
  readonly range: (from: number, to: number) => Range;
  /** The ids of a part of a range: from rank `from` (0 is the earliest start) on, at most `limit`. */
  readonly ids: (range: Range, from: number, limit: number) => number[];
}

/** The ranges of a base set less what was removed, merged with what was inserted. */
export function rangesOf(base: BaseSet, removed: RemovedIndexes, inserted: InsertedList): Ranges {
  const baseBefore = (time: number) => firstIndex(0, base.count, (index) => base.timestampAt(index) >= time);
  const remaining = (first: number, last: number) =>
    last - first - (removed.before(last) - removed.before(first));

  /** Where the `rank`-th session of a range is to be read: of equal starts, the base set's stand first. */
  const seek = (range: Range, rank: number): readonly [index: number, position: number] => {
    const [first] = range.base;
    const [start, end] = range.inserted;
    const position = firstIndex(start, end, (at) => {
      const earlier = remaining(first, Math.max(first, baseBefore(inserted.at(at).timestamp + 1)));
      return earlier + (at - start) >= rank;
    });
    return [removed.remaining(first, rank - (position - start)), position];
  };

  /** So many ids from there on; there must be that many. */
  const collect = (range: Range, index: number, position: number, count: number): number[] => {
    const [, last] = range.base;
    const [, end] = range.inserted;
    const found: number[] = [];
    let next = index;
    let nextInserted = position;
    while (found.length < count) {
      while (next < last && removed.has(next)) next += 1;
      const entry = nextInserted < end ? inserted.at(nextInserted) : undefined;
      if (entry !== undefined && (next >= last || base.timestampAt(next) > entry.timestamp)) {
        found.push(entry.id);
        nextInserted += 1;
      } else {
        found.push(next);
        next += 1;
      }
    }
    return found;
  };

  return {
    range: (from, to) => {
      const first = baseBefore(from);
      const last = Math.max(first, baseBefore(to));
      const start = inserted.before(from);
      const end = Math.max(start, inserted.before(to));
      return { total: remaining(first, last) + end - start, base: [first, last], inserted: [start, end] };
    },
    ids: (range, from, limit) => {
      const count = Math.min(limit, range.total - from);
      return count <= 0 ? [] : collect(range, ...seek(range, from), count);
    },
  };
}
