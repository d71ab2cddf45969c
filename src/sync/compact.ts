import { addSums, type Cell } from "./cell.ts";

/**
 * Merges neighbouring cells until there are few enough: old and empty ones first, since sessions change soon after
 * they began or not at all.
 * @param most how many may be left; where the edges demand more, those remain
 * @param edges seconds at which no cell may be merged across
 * @param now end of the window, Unix s, from which age counts
 */
export function compact(
  cells: readonly Cell[],
  most: number,
  edges: readonly number[],
  now: number,
): readonly Cell[] {
  let merged = cells;
  const fixed = new Set(edges);
  const fewest = fixed.size + cells.filter(({ sum }) => sum === undefined).length * 2 + 1;
  for (let allowed = 1; merged.length > Math.max(most, fewest); allowed *= 1.25) {
    merged = mergeWithin(merged, allowed, fixed, now);
  }
  return merged;
}

function mergeWithin(
  cells: readonly Cell[],
  allowed: number,
  fixed: ReadonlySet<number>,
  now: number,
): readonly Cell[] {
  const out: Cell[] = [];
  for (const cell of cells) {
    const last = out.at(-1);
    const join =
      last !== undefined && !fixed.has(cell.start) && (last.sum === undefined) === (cell.sum === undefined);
    if (join && last.rows + cell.rows <= allowed * weight(now - cell.end))
      out[out.length - 1] = merge(last, cell);
    else out.push(cell);
  }
  return out;
}

/** How many sessions a cell may hold at an age, as a multiple of what a new one may. */
function weight(ageSeconds: number): number {
  return Math.sqrt(1 + Math.max(0, ageSeconds) / 3600);
}

function merge(a: Cell, b: Cell): Cell {
  const sum = a.sum === undefined || b.sum === undefined ? undefined : addSums(a.sum, b.sum);
  return { start: a.start, end: b.end, rows: a.rows + b.rows, sum };
}
