import { firstIndex } from "./search.ts";

/** The indexes of the base set that have been removed. */
export interface RemovedIndexes {
  readonly has: (index: number) => boolean;
  /** Removes it; gives whether it was still there. */
  readonly add: (index: number) => boolean;
  /** How many are below `index`. */
  readonly before: (index: number) => number;
  /** The `rank`-th (from 0) index that remains, counted from `start` (inclusive) upwards. */
  readonly remaining: (start: number, rank: number) => number;
}

/** None removed yet. */
export function removedIndexes(): RemovedIndexes {
  const sorted: number[] = [];
  const all = new Set<number>();
  const at = (position: number) => sorted[position] ?? Number.POSITIVE_INFINITY;
  const before = (index: number) => firstIndex(0, sorted.length, (position) => at(position) >= index);

  return {
    has: (index) => all.has(index),
    add: (index) => {
      if (all.has(index)) return false;
      all.add(index);
      sorted.splice(before(index), 0, index);
      return true;
    },
    before,
    remaining: (start, rank) => {
      const gone = before(start);
      // A removed index shifts the wanted one if no more than `rank` remain before it; that count never decreases.
      const stop = firstIndex(
        gone,
        sorted.length,
        (position) => at(position) - start - (position - gone) > rank,
      );
      return start + rank + (stop - gone);
    },
  };
}
