import { type Cursor, NOTHING_READ } from "./cursor.ts";
import type { Fingerprint } from "./fingerprints.ts";
import { type Span, secondOf } from "./page.ts";

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

/** Unix s, exclusive: where a sync ends. */
export function endOf({ now, endDate = now }: Bounds): number {
  return Math.min(now, endDate);
}

/** What the count at the end needs to know of an earlier run over the same window. */
export interface Counted {
  /** Unix s: where the window began, its margin included. */
  readonly from: number;
  /** What the API counted from there to the window's end, its margin included; undefined before the first request. */
  readonly total: number | undefined;
  /** Different rows of it that came so far. */
  readonly came: number;
}

/** The time that is read in one go, frozen at its start. Unix s. */
export interface Window {
  /** Inclusive: where reading begins or goes on. */
  readonly from: number;
  /** Exclusive: rows that start here or later are the next sync's. */
  readonly to: number;
  /** Inclusive: rows that start earlier are not written. */
  readonly startDate: number;
  /** The same, or later where what lies before was written by another sync that left no fingerprints. */
  readonly writeFrom: number;
  /** Exclusive: what started before is taken to be at rest, and read in the order of the API where it has one. */
  readonly historyEnd: number;
  /** Without gaps, up to the margin behind the window; from `from` on, what has a sum is only written where it differs. */
  readonly fingerprints: readonly Fingerprint[];
  readonly counted: Counted;
  /** Whether the API filters by another time than the row's start. */
  readonly hasStrays: boolean;
  /** Whether an earlier run began this window. */
  readonly resumed: boolean;
  /** Start date from which on history has been read without a gap. */
  readonly since: number | undefined;
  /** What is passed over because start_date was moved while it was unread. */
  readonly skipped: Span | undefined;
}

/** s: what is younger may move. */
const DAY = 86_400;

/** Beyond both ends of a window: for APIs that hold another time of a row against it. s */
export const MARGIN = 3600;

/** Margins that are read behind a window at the most, where the API filters by another time. */
export const MOST_MARGINS = 24;

/**
 * Which time a sync reads: from the cursor less the lookback (or where an unfinished sync stopped) to the last whole
 * second before it began, or the end date.
 * @returns undefined where there is nothing to read
 */
export function planWindow(cursor: Cursor | undefined, bounds: Bounds): Window | undefined {
  const before = cursor ?? NOTHING_READ;
  const limit = endOf(bounds);
  if (before.timestamp > bounds.now * 1000) return undefined;
  return goOn(before, bounds, limit) ?? lookBack(before, bounds, limit);
}

/** A sync was cut off: what it had read is not read again. */
function goOn(cursor: Cursor, bounds: Bounds, limit: number): Window | undefined {
  const { slice, timestamp } = cursor;
  const reached = secondOf(timestamp);
  const end = slice?.end ?? cursor.until ?? 0;
  if (slice === undefined && end <= reached) return undefined;
  const stopped = slice?.start ?? reached;
  const span = { from: Math.max(bounds.startDate - MARGIN, stopped), to: Math.min(end, limit) };
  if (stopped >= span.to) return undefined;
  const resume = { ...span, resumed: true };
  if (slice === undefined || span.from > stopped || span.to < end) return windowOf(cursor, bounds, resume);
  const { from, total, came, hasStrays } = slice;
  return windowOf(cursor, bounds, { ...resume, counted: { from, total, came }, hasStrays });
}

/** A new sync: the lookback once more, then what is new. */
function lookBack(cursor: Cursor, bounds: Bounds, to: number): Window | undefined {
  const { timestamp, fingerprints, until = Number.POSITIVE_INFINITY } = cursor;
  const lookback = bounds.forwardOnly === true ? 0 : bounds.lookback;
  const base = Math.max(bounds.startDate, Math.min(secondOf(timestamp), to, until) - lookback);
  const edge = base - MARGIN;
  const across = fingerprints.find(({ start, end }) => start < edge && edge < end);
  const writeFrom = fingerprints.length === 0 ? base : bounds.startDate;
  return base < to ? windowOf(cursor, bounds, { from: across?.start ?? edge, to, writeFrom }) : undefined;
}

function windowOf(
  cursor: Cursor,
  bounds: Bounds,
  given: Partial<Window> & Pick<Window, "from" | "to">,
): Window | undefined {
  const { startDate, lookback, now } = bounds;
  const { to } = given;
  if (startDate >= to) return undefined;
  const from = Math.max(0, given.from);
  const { counted = { from, total: undefined, came: 0 } } = given;
  const { timestamp, since = timestamp === 0 ? startDate : undefined } = cursor;
  // What lies before an earlier start date was not wanted then either.
  const unreadFrom = Math.max(secondOf(timestamp), since ?? 0);
  const isSkipped = startDate > unreadFrom;
  return {
    startDate,
    writeFrom: startDate,
    historyEnd: Math.min(to, now - Math.max(lookback, DAY) - MARGIN),
    fingerprints: withoutGaps(cursor.fingerprints, [counted.from, from, startDate, to], to + MARGIN),
    hasStrays: false,
    resumed: false,
    ...given,
    from,
    counted,
    since: isSkipped ? startDate : since,
    skipped: isSkipped ? { start: unreadFrom, end: startDate } : undefined,
  };
}

/** Fingerprints up to an end, none across an edge: what is not known is unread. @param edges and end: Unix s */
function withoutGaps(
  list: readonly Fingerprint[],
  edges: readonly number[],
  last: number,
): readonly Fingerprint[] {
  const isWhole = ({ start, end }: Span) => !edges.some((edge) => start < edge && edge < end);
  const known = list.filter((each) => each.sum !== undefined && each.end <= last && isWhole(each));
  const starts = new Map(known.map((each) => [each.start, each]));
  const cuts = [...new Set([...edges, last, ...known.flatMap(({ start, end }) => [start, end])])];
  const sorted = cuts.sort((a, b) => a - b);
  return sorted.slice(0, -1).map((start, n) => {
    return starts.get(start) ?? { start, end: sorted[n + 1] ?? last, rows: 0, sum: undefined };
  });
}
