import { addSums, type Cell } from "./cell.ts";

/** Cells of a new grid: so many that where sessions crowd, few share one. Empty ones cost nothing once merged. */
const CELLS = 1024;

/** Cells that are being filled. */
export interface Grid {
  /** @param second Unix s; one outside the grid is passed over */
  add(second: number, hash: number): void;
  cells(): readonly Cell[];
}

/** Empty cells of equal width, from start to end (Unix s). */
export function createGrid(start: number, end: number): Grid {
  const count = Math.min(end - start, CELLS);
  const edge = (index: number) => start + Math.floor(((end - start) * index) / count);
  const cells = Array.from({ length: count }, (_, i) => ({
    start: edge(i),
    end: edge(i + 1),
    rows: 0,
    sum: 0,
  }));
  return fillGrid(cells);
}

/** A grid that goes on from cells that hold something already. */
export function fillGrid(cells: readonly Cell[]): Grid {
  const starts = cells.map(({ start }) => start);
  const rows = cells.map((cell) => cell.rows);
  const sums = cells.map((cell) => cell.sum ?? 0);
  const first = starts[0] ?? 0;
  const end = cells.at(-1)?.end ?? 0;
  return {
    add(second, hash) {
      if (second < first || second >= end) return;
      const index = lastAtMost(starts, second);
      rows[index] = (rows[index] ?? 0) + 1;
      sums[index] = addSums(sums[index] ?? 0, hash);
    },
    cells: () => cells.map(({ start, end }, i) => ({ start, end, rows: rows[i] ?? 0, sum: sums[i] ?? 0 })),
  };
}

/** Index of the last number that is not above the value; the numbers ascend and the first is not above it. */
function lastAtMost(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
