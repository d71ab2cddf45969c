import type { Page, PageQuery } from "../../src/browsee/page.ts";

/** An API at rest, ascending, that answers from sorted starts without looking at each. */
export interface QuietApi {
  answer(query: PageQuery): Page;
  requests(): number;
  maxOffset(): number;
}

/** @param starts Unix ms, ascending */
export function createQuietApi(starts: readonly number[]): QuietApi {
  let requests = 0;
  let maxOffset = 0;
  return {
    requests: () => requests,
    maxOffset: () => maxOffset,
    answer({ start, end, from, limit }) {
      requests += 1;
      maxOffset = Math.max(maxOffset, from);
      const first = lowerBound(starts, start * 1000);
      const last = lowerBound(starts, end * 1000);
      const rows = starts.slice(Math.min(first + from, last), Math.min(first + from + limit, last));
      const toRow = (timestamp: number, index: number) => {
        const id = first + from + index;
        return { id, timestamp, face: `face ${id}`, version: 0 };
      };
      return { rows: rows.map(toRow), total: last - first };
    },
  };
}

function lowerBound(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
