import type { Checkpoints } from "./checkpoints.ts";
import type { Cursor } from "./cursor.ts";
import { worthKeeping } from "./fingerprints.ts";
import { Lookback } from "./lookback.ts";
import { orderedSpans } from "./ordered-history.ts";
import {
  type FetchPage,
  type KeyedRow,
  type Output,
  type OutputRecord,
  secondOf,
  type WholeSpan,
} from "./page.ts";
import { wholeSpans } from "./read-span.ts";
import type { Receipt } from "./receipt.ts";
import { PAGE_ROWS, type PageKnowledge, Requests } from "./requests.ts";
import { settleCount } from "./settle-count.ts";
import { directionOf } from "./sorted-span.ts";
import { type Bounds, MARGIN, MOST_MARGINS, planOnward, planWindow, type Window } from "./window.ts";
import type { NumberedRow } from "./written-records.ts";

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
  /** How many fingerprints the state may hold. */
  readonly maxFingerprints: number;
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
  /** Records written so far. */
  readonly written: () => number;
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
  parts.track(() => cursor ?? { timestamp: 0, fingerprints: [] });
  const window = planWindow(cursor, bounds);
  if (window === undefined) return;
  const reached = await readWindow(parts, window, cursor);
  const onward = window.resumed ? planOnward(reached, bounds) : undefined;
  if (onward !== undefined) await readWindow(parts, onward, reached);
}

async function readWindow(
  parts: PartitionParts,
  window: Window,
  before: Cursor | undefined,
): Promise<Cursor> {
  const { output } = parts;
  const reached = before && secondOf(before.timestamp);
  const reading = createReading(parts, window);
  parts.track(() => openCursor(reading, before?.timestamp ?? 0));
  const from = Math.max(window.from, window.startDate);
  output.report({ kind: "window", from, to: window.to, reached });
  if (window.skipped !== undefined) output.report({ kind: "skipped", span: window.skipped });
  try {
    await readAll(reading);
  } finally {
    addTo(parts.receipt, reading, from);
  }
  const cursor = finishedCursor(reading);
  parts.track(() => cursor);
  parts.checkpoints.passed(0);
  return cursor;
}

/** @param from Unix s */
function addTo(receipt: Receipt, { window, requests, lookback, written }: Reading, from: number): void {
  receipt.from = Math.min(receipt.from ?? from, from);
  receipt.to = Math.max(receipt.to ?? 0, window.to);
  receipt.counted += window.counted.total ?? requests.firstTotal ?? 0;
  receipt.came += lookback.came;
  receipt.written += written();
  receipt.rereads += requests.rereads;
}

function createReading(parts: PartitionParts, window: Window): Reading {
  const { output, checkpoints } = parts;
  let written = 0;
  const warn = (text: string) => output.report({ kind: "warning", text });
  parts.pages.cutRows = Math.max(parts.pages.cutRows, window.pageRows);
  const requests = new Requests({ ...parts, warn });
  requests.expect(Math.max(window.counted.total ?? 0, window.counted.came));
  const lookback = new Lookback(window, write);

  async function write(rows: readonly NumberedRow[]): Promise<void> {
    const wanted = rows.filter(({ row }) => isWanted(window, row));
    for (let first = 0; first < wanted.length; first += PAGE_ROWS) {
      const batch = wanted
        .slice(first, first + PAGE_ROWS)
        .map(({ row, number }) => parts.record(row, number));
      await checkpoints.before(batch.length);
      const taken = output.records(batch);
      written += batch.length;
      checkpoints.passed(batch.length);
      await taken;
    }
  }

  return { parts, window, requests, lookback, written: () => written };
}

/** Whether a row's start lies in the dates of the window; one that can't be read may. */
function isWanted({ writeFrom, to }: Window, { start }: KeyedRow): boolean {
  return start === undefined || (start >= writeFrom * 1000 && start < to * 1000);
}

async function readAll(reading: Reading): Promise<void> {
  const { parts, window, requests, lookback } = reading;
  const before = lookback.came;
  let told = lookback.strays;
  for await (const piece of prefetched(allSpans(requests, window))) {
    expectCounted(reading);
    await take(reading, piece);
    if (lookback.strays && !told) {
      told = true;
      const text =
        "Browsee filters records by another time than their start: reading looks further around, and a state's timestamp says only what has been asked for";
      parts.output.report({ kind: "warning", text });
    }
    const rows = lookback.came - before;
    parts.output.report({ kind: "progress", rows, reached: piece.span.end, windowEnd: window.to });
  }
  expectCounted(reading);
  // What comes from behind the window is not in what the API counted.
  if (!lookback.strays) await lookback.finish();
  await settleCount({ ...reading, acceptCountMismatch: parts.acceptCountMismatch, output: parts.output });
  if (lookback.strays) {
    await readBehind(reading);
    await lookback.finish();
  }
}

/** History in the API's order where it has one, the rest by whole answers. The first request counts everything. */
async function* allSpans(requests: Requests, window: Window): AsyncGenerator<WholeSpan, void, void> {
  const { from, history } = window;
  const end = window.to + MARGIN;
  const first = await requests.ask({ start: from, end }, 0);
  const ordered =
    !window.strays &&
    history > from &&
    directionOf(first.starts) !== "mixed" &&
    !(await requests.isWhole(first));
  const at = ordered ? yield* orderedSpans(requests, from, history) : from;
  yield* wholeSpans(requests, at, end, at === from ? first : undefined);
}

async function take({ parts: { checkpoints }, lookback, written }: Reading, piece: WholeSpan): Promise<void> {
  const before = written();
  await lookback.take(piece);
  // Records have been counted as they were written.
  checkpoints.passed(Math.max(0, piece.starts.length - (written() - before)));
  await checkpoints.before(0);
}

function expectCounted({ parts, window, requests, lookback }: Reading): void {
  const { firstTotal } = requests;
  if (firstTotal !== undefined && window.counted.total === undefined && lookback.came === 0) {
    parts.output.report({ kind: "estimate", rows: firstTotal });
  }
  requests.expect(Math.max(firstTotal ?? 0, lookback.came));
}

/** Rows of the window that an API shows for later spans only, because they ended later. */
async function readBehind(reading: Reading): Promise<void> {
  const { window, requests } = reading;
  for (let n = 1; n <= MOST_MARGINS; n += 1) {
    const before = reading.written();
    const from = window.to + n * MARGIN;
    for await (const piece of wholeSpans(requests, from, from + MARGIN)) await take(reading, piece);
    if (reading.written() === before) return;
  }
}

/** Asks for the next piece while one is being taken. */
async function* prefetched<T>(source: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  for (let next = source.next(); ; ) {
    const { done, value } = await next;
    if (done === true) return;
    next = source.next();
    // If taking this one fails, the next must not fail unheard.
    next.catch(() => undefined);
    yield value;
  }
}

/** Where a later run goes on, while the window is being read. */
function openCursor({ parts, window, lookback, requests }: Reading, reached: number): Cursor {
  const { counted, to, since } = window;
  const start = Math.min(lookback.resumeAt, to - 1);
  const total = counted.total ?? requests.firstTotal;
  const known = [...lookback.done, ...lookback.todo].filter(({ end }) => end <= to);
  const slice = {
    ...{ start, end: to, from: counted.from },
    ...{ came: lookback.settledCame, page: parts.pages.cutRows, strays: lookback.strays },
  };
  return {
    timestamp: Math.max(reached, start * 1000),
    ...(total !== undefined && { slice: { ...slice, total } }),
    ...(window.until !== to && { until: window.until }),
    ...(since !== undefined && { since }),
    fingerprints: worthKeeping(known, parts.maxFingerprints, [window.startDate, start], to),
  };
}

function finishedCursor({ parts, window, lookback }: Reading): Cursor {
  const { since, to, until, remember } = window;
  const known = lookback.done.filter(({ end }) => end > remember && end <= to);
  return {
    timestamp: to * 1000,
    ...(until !== to && { until }),
    ...(since !== undefined && { since }),
    fingerprints: worthKeeping(known, parts.maxFingerprints, [window.startDate], to),
  };
}
