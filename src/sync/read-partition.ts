import { setImmediate } from "node:timers/promises";
import { checkCount } from "./check-count.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { type Cursor, NOTHING_READ } from "./cursor.ts";
import { inside } from "./fingerprints.ts";
import { Lookback } from "./lookback.ts";
import { directionOf, orderedSpans } from "./ordered-history.ts";
import {
  type FetchPage,
  type KeyedRow,
  type Output,
  type OutputRecord,
  type Receipt,
  secondOf,
  startsIn,
} from "./page.ts";
import { wholeSpans } from "./read-span.ts";
import { PAGE_ROWS, type PageKnowledge, Requests } from "./requests.ts";
import { joined, partsOf, prefetched, type WholeSpan } from "./whole-span.ts";
import { type Bounds, endOf, MARGIN, MOST_MARGINS, planWindow, type Window } from "./window.ts";
import type { NumberedRow } from "./written-records.ts";

const STRAYS =
  "Browsee filters records by another time than their start: reading looks further around, and a state's timestamp says only what has been asked for";

/** What reading one partition needs from outside. */
export interface PartitionParts {
  readonly fetch: FetchPage;
  /** The record of a row. @param number of the row among those with the same key, from 0 */
  readonly record: (row: KeyedRow, number: number) => OutputRecord;
  readonly output: Output;
  /** Learns of the API's pages, for the stream's next partition too. */
  readonly pages: PageKnowledge;
  /** Decides when the cursor is put on record. */
  readonly checkpoints: Checkpoints;
  /** Gets a function that gives the cursor as it is now, to be put on record. */
  readonly track: (cursor: () => Cursor) => void;
  /** Whether counts that contradict their rows for good are passed over with a warning. */
  readonly acceptCountMismatch: boolean;
  /** Is added to, also where reading fails. */
  readonly receipt: Receipt;
}

/** One window while it is read. */
interface Reading {
  readonly parts: PartitionParts;
  readonly window: Window;
  readonly requests: Requests;
  readonly lookback: Lookback;
}

/**
 * Reads one partition (a stream, or one of its segments) from its cursor to the end of its window. The caller has the
 * last cursor put on record, also where this fails.
 * @param cursor where the last sync ended; undefined at the first
 * @throws ConnectorError, or Cancelled
 */
export async function readPartition(
  parts: PartitionParts,
  cursor: Cursor | undefined,
  bounds: Bounds,
): Promise<void> {
  const warn = (text: string) => parts.output.report({ kind: "warning", text });
  const requests = new Requests({ ...parts, warn, onStrays: () => warn(STRAYS) });
  const end = endOf(bounds);
  let reached = cursor;
  parts.track(() => reached ?? NOTHING_READ);
  for (let window = planWindow(cursor, bounds); window !== undefined; ) {
    const lookback = new Lookback(window, requests, writerOf(parts, window));
    const isRead = await readWindow({ parts, window, requests, lookback }, reached);
    const { fingerprints } = lookback;
    if (!isRead) {
      // An earlier run did not know of the strays, and may have passed over some.
      const { counted } = window;
      window = {
        ...window,
        from: counted.from,
        counted: { ...counted, came: 0 },
        hasStrays: true,
        fingerprints,
      };
      continue;
    }
    reached = finishedCursor(window, fingerprints, bounds.lookback);
    const finished = reached;
    parts.track(() => finished);
    // The cursor is another one now: the last checkpoint does not say so yet.
    parts.checkpoints.passed(0);
    // What an earlier run began ends where that run wanted to: the time until now is left.
    window = window.resumed && window.to < end ? planWindow(reached, bounds) : undefined;
  }
}

/** @returns whether it was read; otherwise it has to be from where it was counted */
async function readWindow(reading: Reading, before: Cursor | undefined): Promise<boolean> {
  const { parts, window, requests, lookback } = reading;
  const { output, receipt } = parts;
  const { counted, skipped, to } = window;
  const from = Math.max(window.from, window.startDate);
  requests.beginWindow(window.hasStrays);
  requests.expect(Math.max(counted.total ?? 0, counted.came));
  parts.track(() => openCursor(reading, before?.timestamp ?? 0));
  output.report({ kind: "window", from, to, reached: before && secondOf(before.timestamp) });
  if (skipped !== undefined) output.report({ kind: "skipped", span: skipped });
  let isRead = true;
  try {
    isRead = await readSpans(reading);
  } finally {
    receipt.from = Math.min(receipt.from ?? from, from);
    receipt.to = Math.max(receipt.to ?? 0, to);
    if (isRead) {
      receipt.counted += counted.total ?? requests.firstTotal ?? 0;
      receipt.came += lookback.came;
    }
    receipt.rereads += requests.rereads;
    requests.rereads = 0;
  }
  return isRead;
}

/** Writes those of some rows that start in the dates of the window; one whose start can't be read may. */
function writerOf({ checkpoints, output, receipt, record }: PartitionParts, { writeFrom, to }: Window) {
  const isWanted = ({ row: { start } }: NumberedRow) =>
    start === undefined || startsIn({ start: writeFrom, end: to }, start);
  return async (rows: readonly NumberedRow[]): Promise<void> => {
    const wanted = rows.filter(isWanted);
    for (let first = 0; first < wanted.length; first += PAGE_ROWS) {
      const batch = wanted.slice(first, first + PAGE_ROWS).map(({ row, number }) => record(row, number));
      await checkpoints.before(batch.length);
      const taken = output.records(batch);
      receipt.written += batch.length;
      checkpoints.passed(batch.length);
      await taken;
    }
  };
}

async function readSpans(reading: Reading): Promise<boolean> {
  const { parts, window, requests, lookback } = reading;
  const before = lookback.came;
  for await (const piece of prefetched(joined(allSpans(reading)))) {
    if (requests.hasStrays && !window.hasStrays && window.from > window.counted.from) return false;
    for (const part of partsOf(piece)) {
      await take(reading, part);
      // What has come meanwhile is looked at, and the next page of it asked for.
      await setImmediate();
    }
    const rows = lookback.came - before;
    parts.output.report({ kind: "progress", rows, reached: piece.span.end, windowEnd: window.to });
  }
  // Where the API filters by another time, rows of the window also come with what lies behind it, where they were not
  // counted: so the count is held against what came before those, and fingerprints are finished behind them.
  if (!requests.hasStrays) await lookback.finish();
  await checkCount({ ...reading, acceptCountMismatch: parts.acceptCountMismatch, output: parts.output });
  if (requests.hasStrays) {
    await readBehind(reading);
    await lookback.finish();
  }
  return true;
}

/** History in the API's order where it has one, the rest by whole answers. The first request counts everything. */
async function* allSpans({ parts, window, requests }: Reading): AsyncGenerator<WholeSpan, void, void> {
  const { from, to, historyEnd, counted } = window;
  const first = await requests.ask({ start: from, end: to + MARGIN }, 0);
  requests.expect(first.total);
  if (counted.total === undefined) parts.output.report({ kind: "estimate", rows: first.total });
  const isSorted = !requests.hasStrays && historyEnd > from && directionOf(first.starts) !== "mixed";
  const at =
    isSorted && !(await requests.isWhole(first)) ? yield* orderedSpans(requests, from, historyEnd) : from;
  yield* wholeSpans(requests, at, to + MARGIN, at === from ? first : undefined);
}

async function take({ parts, requests, lookback }: Reading, piece: WholeSpan): Promise<void> {
  const { checkpoints, receipt } = parts;
  const { written } = receipt;
  await lookback.take(piece);
  requests.expect(lookback.came);
  // Records have been counted as they were written.
  checkpoints.passed(Math.max(0, piece.starts.length - (receipt.written - written)));
  await checkpoints.before(0);
}

/** Rows of the window that an API shows for later spans only, because they ended later. */
async function readBehind(reading: Reading): Promise<void> {
  const { window, requests, parts } = reading;
  for (let n = 1; n <= MOST_MARGINS; n += 1) {
    const { written } = parts.receipt;
    const from = window.to + n * MARGIN;
    for await (const piece of wholeSpans(requests, from, from + MARGIN)) await take(reading, piece);
    if (parts.receipt.written === written) return;
  }
}

/** Where a later run goes on, while the window is being read. @param reached Unix ms */
function openCursor({ window, lookback, requests }: Reading, reached: number): Cursor {
  const { counted, startDate, to, since } = window;
  const { resumeAt: start, cameBeforeResume: came, fingerprints } = lookback;
  const { total = requests.firstTotal, from } = counted;
  const slice = { start, end: to, from, came, hasStrays: requests.hasStrays };
  return {
    timestamp: Math.max(reached, start * 1000),
    ...(total !== undefined && { slice: { ...slice, total } }),
    ...(since !== undefined && { since }),
    fingerprints: inside(fingerprints, { start: startDate, end: to }),
  };
}

/** Where the next sync begins. @param lookback s: what it will look at again */
function finishedCursor(
  { since, startDate, to }: Window,
  fingerprints: Lookback["fingerprints"],
  lookback: number,
): Cursor {
  const edge = to - lookback - MARGIN;
  const recent = fingerprints.filter(({ end }) => end > edge);
  return {
    timestamp: to * 1000,
    ...(since !== undefined && { since }),
    fingerprints: inside(recent, { start: startDate, end: to }),
  };
}
