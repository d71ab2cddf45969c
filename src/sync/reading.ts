import { type Cell, splitCells, unread, withoutGaps } from "./cell.ts";
import { type Checkpoints, createCheckpoints } from "./checkpoints.ts";
import { compact } from "./compact.ts";
import type { Cursor } from "./cursor.ts";
import { createEmitted, type Emitted } from "./emitted.ts";
import type { Grid } from "./grid.ts";
import type { Output } from "./output.ts";
import type { RowReader } from "./row-reader.ts";
import { afterClean, newSizing, type Sizing } from "./sizing.ts";
import type { Slice, SliceProgress } from "./slice.ts";
import type { FetchPage } from "./walk.ts";
import type { Window } from "./window.ts";

/** What reading one set needs from outside. */
export interface ReadingParts {
  readonly fetch: FetchPage;
  readonly reader: RowReader;
  readonly output: Output;
  /** Monotonic ms. */
  readonly clock: () => number;
  /** How many fingerprints the state may hold. */
  readonly maxCells: number;
}

/** One set while it is read: where reading stands, and what is known. */
export interface Reading extends ReadingParts {
  readonly window: Window;
  /** Unix s: everything earlier in the window has been dealt with. */
  at: number;
  done: readonly Cell[];
  todo: readonly Cell[];
  sizing: Sizing;
  /** The slice being read, where a later run may go on inside it. */
  progress: SliceProgress | undefined;
  /** Fingerprints of the slice being read. */
  grid: Grid | undefined;
  /** What was emitted from `at` on by passes that were torn, up to `reach` (Unix s). */
  readonly emitted: Emitted;
  reach: number;
  /** Sessions whose start can't be read: they lie in no slice. */
  readonly undated: Emitted;
  /** Torn passes in a row over a span that can't be cut. */
  stuck: number;
  readonly checkpoints: Checkpoints;
  /** Sessions that the API counted in slices read clean, and records written. */
  counted: number;
  written: number;
  /** Rows that this pass gave beside those of its slice. */
  outside: number;
  cursor(): Cursor;
}

/**
 * @param before the cursor that the sync began with
 * @param since Unix s: the start date that history was read from, where that is known
 */
export function createReading(
  parts: ReadingParts,
  window: Window,
  before: Cursor | undefined,
  since: number | undefined,
): Reading {
  const reached = before?.timestamp ?? 0;
  const reading: Reading = {
    ...parts,
    window,
    at: window.from,
    done: window.done,
    todo: window.todo,
    sizing: newSizing,
    progress: undefined,
    grid: undefined,
    emitted: createEmitted(),
    reach: window.from,
    undated: createEmitted(),
    stuck: 0,
    checkpoints: createCheckpoints(() => parts.output.checkpoint(reading.cursor()), parts.clock),
    counted: 0,
    written: 0,
    outside: 0,
    cursor: () => cursorOf(reading, reached, since),
  };
  return reading;
}

function cursorOf(reading: Reading, reached: number, since: number | undefined): Cursor {
  const { at, progress, window } = reading;
  const timestamp = Math.max(reached, at * 1000);
  return {
    timestamp,
    ...(progress !== undefined && { slice: progress }),
    ...(window.until * 1000 !== timestamp && { until: window.until }),
    ...(at * 1000 < reached && { at }),
    ...(since !== undefined && { since }),
    cells: knownCells(reading),
  };
}

/** The fingerprints worth keeping, few enough, none merged across a place where a later run may go on. */
function knownCells({ done, todo, grid, progress, at, window, maxCells }: Reading): readonly Cell[] {
  const open = progress === undefined || grid === undefined ? unread(at, progress?.end ?? at) : grid.cells();
  const rest = splitCells(todo, progress?.end ?? at)[1];
  const all = withoutGaps([...done, ...open, ...rest].filter(({ end }) => end > window.remember));
  const last = all.findLastIndex(({ sum }) => sum !== undefined);
  const edges = progress === undefined ? [at] : [progress.start, progress.end];
  return compact(all.slice(0, last + 1), maxCells, edges, window.to);
}

/**
 * A slice has been read in one clean pass.
 * @param total what the API counted in the request's span, which reaches a little beyond the slice
 */
export function countSlice(reading: Reading, slice: Slice, total: number): void {
  const counted = total - reading.outside;
  reading.counted += counted;
  reading.sizing = afterClean(reading.sizing, slice, total);
  reading.output.report({ kind: "slice", slice, counted, windowEnd: reading.window.to });
}

/** Moves on: everything before `end` has been dealt with. */
export function advance(reading: Reading, end: number, cells: readonly Cell[]): void {
  const kept = [...reading.done, ...cells].filter((cell) => cell.end > reading.window.remember);
  const many = kept.length > reading.maxCells * 2;
  reading.done = many ? compact(kept, reading.maxCells, [], reading.window.to) : kept;
  reading.todo = splitCells(reading.todo, end)[1];
  reading.at = end;
  reading.progress = undefined;
  reading.grid = undefined;
  reading.stuck = 0;
  reading.checkpoints.passed(0);
  if (end >= reading.reach) reading.emitted.forget();
}
