/** The fingerprint of a span of time: what was emitted of it, in a few bytes. Unix s, start inclusive, end exclusive. */
export interface Cell {
  readonly start: number;
  readonly end: number;
  /** Sessions in it. */
  readonly rows: number;
  /** Sum of their hashes modulo 2^32, whatever their order; undefined where the span has not been read. */
  readonly sum: number | undefined;
}

/** A span that has not been read, as cells: none where it is empty. */
export function unread(start: number, end: number): readonly Cell[] {
  return start < end ? [{ start, end, rows: 0, sum: undefined }] : [];
}

/** Adds up hashes, or sums of hashes. */
export function addSums(a: number, b: number): number {
  return (a + b) >>> 0;
}

/** The cells' parts before and from a second; a cell across it is only cut where it has not been read. */
export function splitCells(cells: readonly Cell[], at: number): readonly [readonly Cell[], readonly Cell[]] {
  const before: Cell[] = [];
  const after: Cell[] = [];
  for (const cell of cells) {
    if (cell.end <= at) before.push(cell);
    else if (cell.start >= at) after.push(cell);
    else {
      before.push(...unread(cell.start, at));
      after.push(...unread(at, cell.end));
    }
  }
  return [before, after];
}

/** Ascending cells, with what they leave out between them as unread, so that each starts where the one before ends. */
export function withoutGaps(cells: readonly Cell[]): readonly Cell[] {
  return cells.flatMap((cell, index) => [...unread(cells[index - 1]?.end ?? cell.start, cell.start), cell]);
}
