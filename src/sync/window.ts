import { type Cell, splitCells, unread } from "./cell.ts";
import type { Cursor } from "./cursor.ts";
import type { SliceProgress } from "./slice.ts";

/** What the configuration and the clock say about the time to read. Unix s, and s. */
export interface Bounds {
  readonly startDate: number;
  readonly endDate: number | undefined;
  readonly lookback: number;
  /** A full refresh reads nothing twice; its fingerprints serve an incremental sync after it. */
  readonly forwardOnly?: boolean;
  /** When the sync began. */
  readonly now: number;
}

/** The time that one sync reads, frozen at its start. */
export interface Window {
  /** Unix s, inclusive: where reading begins or goes on. */
  readonly from: number;
  /** Unix s, exclusive. */
  readonly to: number;
  /** Unix s: end of the window of the first try, from which the next sync will look back. */
  readonly until: number;
  /** Unix s: from here on fingerprints are worth keeping. */
  readonly remember: number;
  /** What is known of the time before `from` and is still to be kept. */
  readonly done: readonly Cell[];
  /** Adjacent, from `from` to `to`; those with a sum are only emitted again where it differs. */
  readonly todo: readonly Cell[];
  readonly resume?: SliceProgress;
}

/**
 * Which time a sync reads: from the cursor less the lookback (or where an unfinished sync stopped) to the last whole
 * second before it began, or the end date.
 * @returns undefined where there is nothing to read
 */
export function planWindow(cursor: Cursor | undefined, bounds: Bounds): Window | undefined {
  const to = Math.min(bounds.now, bounds.endDate ?? bounds.now);
  if (cursor === undefined) {
    const from = bounds.startDate;
    return from >= to ? undefined : window({ from, to, until: to, done: [], todo: unread(from, to) }, bounds);
  }
  const reached = Math.floor(cursor.timestamp / 1000);
  if (cursor.timestamp > bounds.now * 1000) return undefined;
  const unfinished = cursor.until !== undefined && cursor.until > reached && cursor.until <= bounds.now;
  const plan = unfinished ? goOn(cursor, reached, bounds, to) : lookBack(cursor, reached, bounds, to);
  return plan.from >= to ? undefined : window(plan, bounds);
}

type Plan = Omit<Window, "remember">;

function window(plan: Plan, bounds: Bounds): Window {
  return { ...plan, remember: Math.min(plan.to, plan.until) - bounds.lookback };
}

/** A sync was cut off: what it had read is not read again. */
function goOn(cursor: Cursor, reached: number, bounds: Bounds, to: number): Plan {
  const at = Math.max(bounds.startDate, cursor.slice?.start ?? cursor.at ?? reached);
  const [done, rest] = splitCells(cursor.cells, at);
  const until = cursor.until ?? to;
  const { slice } = cursor;
  if (slice !== undefined && slice.start === at && slice.end <= to) {
    return { from: at, to, until, done, todo: cover(rest, at, to), resume: slice };
  }
  const fresh = slice === undefined ? rest : [...unread(at, slice.end), ...splitCells(rest, slice.end)[1]];
  return { from: at, to, until, done, todo: cover(fresh, at, to) };
}

/** A new sync: the lookback once more, then what is new. */
function lookBack(cursor: Cursor, reached: number, bounds: Bounds, to: number): Plan {
  const lookback = bounds.forwardOnly === true ? 0 : bounds.lookback;
  const base = Math.min(reached, cursor.until ?? reached) - lookback;
  const across = lookback > 0 ? cursor.cells.find(({ start, end }) => start < base && base < end) : undefined;
  const from = Math.max(bounds.startDate, across?.start ?? base);
  const [done, known] = splitCells(cursor.cells, from);
  const [todo] = splitCells(known, Math.min(reached, to));
  return { from, to, until: to, done, todo: cover(todo, from, to) };
}

/** The cells that lie from `from` to `to`, with all that they leave out marked as unread. */
function cover(cells: readonly Cell[], from: number, to: number): readonly Cell[] {
  const [, later] = splitCells(cells, from);
  const [inside] = splitCells(later, to);
  const first = inside[0]?.start ?? to;
  const end = inside.at(-1)?.end ?? to;
  return joinUnread([...unread(from, first), ...inside, ...unread(end, to)]);
}

function joinUnread(cells: readonly Cell[]): readonly Cell[] {
  const out: Cell[] = [];
  for (const cell of cells) {
    const last = out.at(-1);
    if (last !== undefined && last.sum === undefined && cell.sum === undefined) {
      out[out.length - 1] = { ...last, end: cell.end };
    } else out.push(cell);
  }
  return out;
}
