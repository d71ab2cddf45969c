/** Whole spans on their way from the API to the lookback; work on one is done while the next request is under way. */
import { setImmediate } from "node:timers/promises";
import { groupRows, type KeyedRow, type Span, secondOf } from "./page.ts";
import { PAGE_ROWS } from "./requests.ts";

/** All rows of a span, or of a part of one: proven to be all by one response, by sorted pages, or by passes over a dense one. */
export interface WholeSpan {
  readonly span: Span;
  /** Starts of its rows, Unix ms. */
  readonly starts: readonly (number | undefined)[];
  /** Rows in the span, those that the API shows of the seconds around it, and any others that it showed. */
  rows(): readonly KeyedRow[];
}

/** A span with all of its rows. */
export function wholeSpan(span: Span, rows: readonly KeyedRow[]): WholeSpan {
  return { span, starts: rows.map(({ start }) => start), rows: () => rows };
}

/** A sequence of one value. */
export async function* only<T>(value: T): AsyncGenerator<T, void, void> {
  yield value;
}

/**
 * Joins spans without rows to the one behind them: an API that cuts start and end to minutes shows nothing for a time within
 * one, and no state may say that it was read before that is seen.
 */
export async function* joined(spans: AsyncIterable<WholeSpan>): AsyncGenerator<WholeSpan, void, void> {
  let before: Span | undefined;
  for await (const piece of spans) {
    const span = { start: before?.start ?? piece.span.start, end: piece.span.end };
    before = piece.starts.length === 0 ? span : undefined;
    if (before === undefined) yield { ...piece, span };
  }
  if (before !== undefined) yield wholeSpan(before, []);
}

/** A span in parts of a page at the most, or of a second: a state may lie between them. */
export function* partsOf({ span, rows }: WholeSpan): Generator<WholeSpan, void, void> {
  const bySecond = groupRows(rows(), ({ start = 0 }) =>
    Math.max(span.start, Math.min(span.end - 1, secondOf(start))),
  );
  let { start } = span;
  let part: KeyedRow[] = [];
  for (const [second, group] of [...bySecond].sort(([a], [b]) => a - b)) {
    if (part.length > 0 && part.length + group.length > PAGE_ROWS) {
      yield wholeSpan({ start, end: second }, part);
      start = second;
      part = [];
    }
    part.push(...group);
  }
  yield wholeSpan({ start, end: span.end }, part);
}

/** undici looks at an idle socket for a turn of the event loop before it writes: earlier work would hold the request up. */
async function requestSent(): Promise<void> {
  await setImmediate();
  await setImmediate();
}

/**
 * Does some work while a request is under way.
 * @param request that has just been asked for
 * @returns what came of the request
 */
export async function meanwhile<T>(request: Promise<T>, work: () => void): Promise<T> {
  const [value] = await Promise.all([request, requestSent().then(work)]);
  return value;
}

/** Asks for the next piece while one is being taken. */
export async function* prefetched<T>(source: AsyncGenerator<T, void, void>): AsyncGenerator<T, void, void> {
  for (let next = source.next(); ; ) {
    const { done, value } = await next;
    if (done === true) return;
    next = source.next();
    // If taking this one fails, the next must not fail unheard.
    next.catch(() => undefined);
    await requestSent();
    yield value;
  }
}
