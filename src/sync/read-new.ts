import { type Cell, splitCells, unread } from "./cell.ts";
import { contentHash, type Emission, emission } from "./emission.ts";
import { createGrid, fillGrid } from "./grid.ts";
import { advance, countSlice, type Reading } from "./reading.ts";
import { recount } from "./recount.ts";
import type { Sighting } from "./row-reader.ts";
import { acceptable, afterCut, sliceEnd } from "./sizing.ts";
import type { Slice, SliceProgress } from "./slice.ts";
import { noteTorn, runPass } from "./torn.ts";
import { PAGE_ROWS } from "./walk.ts";

/**
 * Reads the next slice of a span that has not been read, emitting as the pages come.
 * @param limit Unix s: the slice ends there at the latest
 * @param resume where an earlier run stopped inside this slice
 */
export async function readNew(
  reading: Reading,
  limit: number,
  resume: SliceProgress | undefined,
): Promise<void> {
  const slice = resume ?? nextSlice(reading, limit);
  const whole = reading.sizing.bounds.length === 0 && resume === undefined && slice.end === reading.window.to;
  begin(reading, slice, resume);
  const outcome = await runPass(reading, {
    slice,
    fetch: reading.fetch,
    identify: reading.reader.identify,
    accept: acceptable(reading.sizing),
    ...(resume !== undefined && { resume }),
    visit: (rows, ...where) => visit(reading, slice, rows, ...where),
    recount: (second, how) => recount(reading, second, how),
  });
  if (whole && outcome.total !== undefined) reading.output.report({ kind: "estimate", rows: outcome.total });
  if (outcome.kind === "too-large") {
    reading.sizing = afterCut(reading.sizing, slice, outcome.total);
  } else if (outcome.kind === "torn") {
    reading.reach = Math.max(reading.reach, slice.end);
    reading.todo = [...unread(slice.start, slice.end), ...splitCells(reading.todo, slice.end)[1]];
    reading.progress = undefined;
    reading.grid = undefined;
    noteTorn(reading, slice, outcome);
  } else {
    countSlice(reading, slice, outcome.total);
    advance(reading, slice.end, cellsOf(reading, slice));
  }
}

function nextSlice(reading: Reading, limit: number): Slice {
  // What torn passes emitted is remembered up to `reach`; a slice beyond it would have to remember ever more.
  const most =
    reading.emitted.size > 0 && reading.reach > reading.at ? Math.min(limit, reading.reach) : limit;
  return { start: reading.at, end: sliceEnd(reading.sizing, reading.at, most) };
}

function begin(reading: Reading, slice: Slice, resume: SliceProgress | undefined): void {
  reading.emitted.beginPass();
  reading.undated.beginPass();
  reading.outside = 0;
  reading.progress = resume;
  if (resume === undefined) return;
  reading.emitted.remember(resume.last, resume.twins);
  const filled = splitCells(reading.todo, slice.end)[0].filter(({ sum }) => sum !== undefined);
  if (filled.length > 0) reading.grid = fillGrid(filled);
}

/** Emits what is new of a page. */
async function visit(
  reading: Reading,
  slice: Slice,
  rows: readonly Sighting[],
  progress: SliceProgress,
  resumable: boolean,
  unmet: boolean,
): Promise<void> {
  const { window } = reading;
  if (slice.end > window.remember)
    reading.grid ??= createGrid(Math.max(slice.start, window.remember), slice.end);
  for (let first = 0; first === 0 || first < rows.length; first += PAGE_ROWS) {
    const some = rows.slice(first, first + PAGE_ROWS);
    const batch = toEmit(reading, slice, some, unmet);
    await reading.checkpoints.before(batch.length);
    const taken = reading.output.records(batch);
    reading.written += batch.length;
    reading.checkpoints.passed(some.length);
    if (first + PAGE_ROWS >= rows.length) reading.progress = resumable ? progress : undefined;
    await taken;
  }
}

/** What is to be written now that some rows were met. */
function toEmit(
  reading: Reading,
  slice: Slice,
  rows: readonly Sighting[],
  unmet: boolean,
): readonly Emission[] {
  const batch: Emission[] = [];
  for (const row of rows) meet(reading, slice, row, unmet, batch);
  return batch;
}

/** Adds what is to be written now that a row was met. */
function meet(reading: Reading, slice: Slice, row: Sighting, unmet: boolean, batch: Emission[]): void {
  const memory = memoryFor(reading, slice, row);
  if (memory === undefined) return;
  const { grid, reader, window } = reading;
  const inLookback = row.at !== undefined && row.at >= window.remember * 1000;
  const hash = inLookback ? contentHash(reader, row) : undefined;
  if (row.at !== undefined && hash !== undefined) grid?.add(Math.floor(row.at / 1000), hash);
  if (unmet && hash === undefined && memory.meetFirst(row)) batch.push(emission(reader, row, 0));
  else memory.meet(row, hash, (fresh, twin) => batch.push(emission(reader, fresh, twin)));
}

/** The memory that knows a row; undefined for a row of another slice. */
function memoryFor(reading: Reading, slice: Slice, { at }: Sighting) {
  if (at === undefined) return reading.undated;
  if (at >= slice.start * 1000 && at < slice.end * 1000) return reading.emitted;
  reading.outside += 1;
  return undefined;
}

function cellsOf(reading: Reading, slice: Slice): readonly Cell[] {
  return reading.grid?.cells() ?? unread(slice.start, slice.end);
}
