import type { Cursor } from "./cursor.ts";
import { type Fingerprint, splitAt, unread } from "./fingerprints.ts";
import type { Span } from "./page.ts";

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
  /** Where the next sync looks back from. */
  readonly until: number;
  /** Up to here is history, in which nothing moves any more. */
  readonly history: number;
  /** From here on fingerprints are worth keeping once all is read. */
  readonly remember: number;
  /** What is known of the time before `from`. */
  readonly done: readonly Fingerprint[];
  /** What is known from `from` on; a span with a sum is only written again where it differs. */
  readonly todo: readonly Fingerprint[];
  readonly counted: Counted;
  /** Rows of a full page, if known; otherwise 0. */
  readonly pageRows: number;
  /** Whether the API filters by another time than the row's start. */
  readonly strays: boolean;
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
  const to = Math.min(bounds.now, bounds.endDate ?? bounds.now);
  if (cursor === undefined) {
    const { startDate } = bounds;
    if (startDate >= to) return undefined;
    return windowOf({ at: startDate - MARGIN, to, until: to, known: [], since: startDate }, bounds);
  }
  if (cursor.timestamp > bounds.now * 1000) return undefined;
  const reached = Math.floor(cursor.timestamp / 1000);
  return goOn(cursor, reached, bounds, to) ?? lookBack(cursor, reached, bounds, to);
}

/**
 * What comes after an unfinished window once it is read: the time until now.
 * @param cursor where that ended
 */
export function planOnward(cursor: Cursor, bounds: Bounds): Window | undefined {
  const to = Math.min(bounds.now, bounds.endDate ?? bounds.now);
  const reached = Math.floor(cursor.timestamp / 1000);
  if (reached >= to) return undefined;
  const until = Math.min(reached, cursor.until ?? reached);
  return lookBack(cursor, reached, { ...bounds, forwardOnly: true }, to, until);
}

interface Plan {
  readonly at: number;
  readonly to: number;
  readonly until: number;
  readonly known: readonly Fingerprint[];
  readonly since: number | undefined;
  readonly writeFrom?: number;
  readonly resume?: Partial<Pick<Window, "counted" | "pageRows" | "strays">>;
  readonly resumed?: boolean;
  readonly skipped?: Span | undefined;
}

function windowOf(plan: Plan, bounds: Bounds): Window {
  const { at, to, until, known, since, resume, resumed = false, skipped } = plan;
  const from = Math.max(0, at);
  const [done, rest] = splitAt(known, from);
  return {
    from,
    to,
    until,
    since,
    skipped,
    resumed,
    done,
    todo: cover(rest, from, to + MARGIN),
    startDate: bounds.startDate,
    writeFrom: Math.max(bounds.startDate, plan.writeFrom ?? 0),
    remember: Math.min(to, until) - bounds.lookback - MARGIN,
    history: Math.min(to, bounds.now - Math.max(bounds.lookback, DAY) - MARGIN),
    counted: { from, total: undefined, came: 0 },
    pageRows: 0,
    strays: false,
    ...resume,
  };
}

/** A sync was cut off: what it had read is not read again. */
function goOn(cursor: Cursor, reached: number, bounds: Bounds, limit: number): Window | undefined {
  const { slice, since } = cursor;
  const end = slice?.end ?? cursor.until ?? 0;
  const to = Math.min(end, limit);
  const stopped = slice?.start ?? cursor.at ?? reached;
  if (end <= reached && slice === undefined) return undefined;
  if (stopped >= to || bounds.startDate >= to) return undefined;
  const at = Math.max(bounds.startDate - MARGIN, stopped);
  // What lies before the earlier start date was not wanted then either.
  const unreadFrom = Math.max(stopped, reached, since ?? 0);
  const skips = cursor.at === undefined && bounds.startDate > unreadFrom;
  const plan = { at, to, until: cursor.until ?? to, known: cursor.fingerprints, resumed: true };
  const sinceNow = skips ? bounds.startDate : since;
  const skipped = skips ? { start: unreadFrom, end: bounds.startDate } : undefined;
  if (slice === undefined || at > stopped || to < end)
    return windowOf({ ...plan, since: sinceNow, skipped }, bounds);
  const { from, total, came, page, strays } = slice;
  return windowOf(
    { ...plan, since: sinceNow, skipped, resume: { counted: { from, total, came }, pageRows: page, strays } },
    bounds,
  );
}

/** A new sync: the lookback once more, then what is new. */
function lookBack(
  cursor: Cursor,
  reached: number,
  bounds: Bounds,
  to: number,
  until = to,
): Window | undefined {
  const lookback = bounds.forwardOnly === true ? 0 : bounds.lookback;
  const base = Math.max(bounds.startDate, Math.min(reached, until, cursor.until ?? reached) - lookback);
  if (base >= to) return undefined;
  const edge = base - MARGIN;
  const across = cursor.fingerprints.find(({ start, end }) => start < edge && edge < end);
  const known = cursor.fingerprints.filter(({ end }) => end <= Math.max(reached, edge));
  const skips = bounds.startDate > reached;
  return windowOf(
    {
      at: across?.start ?? edge,
      to,
      until,
      known,
      ...(known.length === 0 && { writeFrom: base }),
      since: skips ? bounds.startDate : cursor.since,
      skipped: skips ? { start: reached, end: bounds.startDate } : undefined,
    },
    bounds,
  );
}

/** The fingerprints from one second to another, with all that they leave out as unread. */
function cover(list: readonly Fingerprint[], from: number, to: number): readonly Fingerprint[] {
  const [inside] = splitAt(splitAt(list, from)[1], to);
  const first = inside[0]?.start ?? to;
  const end = inside.at(-1)?.end ?? to;
  return joinUnread([...unread(from, first), ...inside, ...unread(end, to)]);
}

function joinUnread(list: readonly Fingerprint[]): readonly Fingerprint[] {
  const out: Fingerprint[] = [];
  for (const each of list) {
    const last = out.at(-1);
    if (last !== undefined && last.sum === undefined && each.sum === undefined) {
      out[out.length - 1] = { ...last, end: each.end };
    } else out.push(each);
  }
  return out;
}
