import { addSums, type Cell } from "./cell.ts";
import { inLastingOrder } from "./census.ts";
import type { Sighting } from "./row-reader.ts";

/** More rows than this are not kept in memory. */
const MOST = 6000;

/** Rows of a span that was read again, kept until it is known whether they changed. */
export interface Held {
  /** @param hash of the content */
  add(row: Sighting, second: number, hash: number): void;
  /** Each cell with the fingerprint it has now, and its rows; no rows if they were too many to keep. */
  compare(): readonly HeldCell[];
}

/** A cell as it is now. */
export interface HeldCell {
  readonly before: Cell;
  readonly now: Cell;
  readonly changed: boolean;
  /** In an order that lasts; undefined where there were too many to keep. */
  readonly rows: readonly Sighting[] | undefined;
}

/** @param cells adjacent, with sums */
export function createHeld(cells: readonly Cell[]): Held {
  const found = cells.map(emptyCell);
  let kept = 0;
  return {
    add(row, second, hash) {
      const cell = found.find(({ before }) => before.start <= second && second < before.end);
      if (cell === undefined) return;
      cell.rows += 1;
      cell.sum = addSums(cell.sum, hash);
      kept += 1;
      if (kept <= MOST) cell.kept.push(row);
      if (kept === MOST + 1) for (const { kept: rows } of found) rows.length = 0;
    },
    compare: () =>
      found.map(({ before, rows, sum, kept: sightings }) => ({
        before,
        now: { ...before, rows, sum },
        changed: sum !== before.sum || rows !== before.rows,
        rows: kept > MOST ? undefined : inLastingOrder(sightings),
      })),
  };
}

interface FillingCell {
  readonly before: Cell;
  rows: number;
  sum: number;
  readonly kept: Sighting[];
}

function emptyCell(before: Cell): FillingCell {
  return { before, rows: 0, sum: 0, kept: [] };
}
