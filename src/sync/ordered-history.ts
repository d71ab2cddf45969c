import { directionOf } from "./next-cut.ts";
import { type KeyedRow, lastSecond, type Span, secondOf, type WholeSpan } from "./page.ts";
import { nextPiece, wholeSpans } from "./read-span.ts";
import type { Requests, Response } from "./requests.ts";

/** Rows that a slice aims at; fewer where the process has been killed, which has to get through one to get on. */
const AIM_ROWS = 9000;
const AIM_ROWS_AFTER_KILL = 1000;
/** Many stores stop at an offset or a count of 10,000. */
const MOST_SHARE = 1.1;
const MOST_CUTS = 40;
/** Requests for one page, whose place in the list may have moved. */
const MOST_GUESSES = 4;

type Direction = "ascending" | "descending";

/** Where reading stands in a slice. */
interface Place {
  /** Unix s: everything earlier has been read. */
  readonly at: number;
  /** Unix s: where the list begins that is asked for: a row from there on was read before, so that pages can meet it. */
  readonly listStart: number;
  /** Rows of the list on its first side of `at`: earlier ones in an ascending list, later ones in a descending one. */
  readonly index: number;
  /** Unix s: the last row before `at` that was read. A later one before `at` was hidden from the answer before. */
  readonly last: number;
}

/**
 * Reads history, where nothing moves any more, in the order that the API gives its rows. A page sorted by start holds all
 * that starts between its outer rows, wherever it lies in the list; pages that meet hold all of the list. A row that
 * the order has put elsewhere comes in a later page of the same list, out of order: then the slice is read again by whole
 * answers, and so is all that follows. Until the end of a slice its pieces are provisional.
 * @param from Unix s, inclusive
 * @param to Unix s, exclusive
 * @param resumed whether an earlier run was cut off
 * @returns Unix s: how far it came
 */
export async function* orderedSpans(
  requests: Requests,
  from: number,
  to: number,
  resumed: boolean,
): AsyncGenerator<WholeSpan, number, void> {
  const aim = resumed ? AIM_ROWS_AFTER_KILL : AIM_ROWS;
  let width = to - from;
  /** Second of the last row read; undefined where none is known. */
  let last: number | undefined;
  for (let at = from; at < to; ) {
    const slice = await openSlice(requests, { start: at, end: Math.min(to, at + width) }, aim);
    const { end } = slice.span;
    // Years may be empty before the first row.
    width = slice.total === 0 ? Math.max(2 * (end - at), (to - end) >> 1) : nextWidth(slice, aim);
    let reached = at;
    for await (const piece of sliceInOrder(requests, slice, last)) {
      reached = piece.span.end;
      last = lastSecond(piece) ?? last;
      yield reached < end ? { ...piece, provisionalFrom: at } : piece;
    }
    if (reached < end) {
      const before = requests.sent;
      yield* provisional(wholeSpans(requests, at, reached), at, reached);
      requests.rereads += requests.sent - before;
      return reached;
    }
    at = end;
  }
  return to;
}

function nextWidth({ span, total }: Response, aim: number): number {
  return Math.max(1, Math.floor(((span.end - span.start) * aim) / total));
}

async function* sliceInOrder(
  requests: Requests,
  slice: Response,
  last: number | undefined,
): AsyncGenerator<WholeSpan, void, void> {
  if (await requests.isWhole(slice)) yield slice;
  else {
    const direction = directionOf(slice.starts);
    if (direction !== "mixed") yield* sortedSlice(requests, slice, direction, last);
  }
}

/** The last one settles the slice. */
async function* provisional(
  pieces: AsyncIterable<WholeSpan>,
  from: number,
  to: number,
): AsyncGenerator<WholeSpan, void, void> {
  for await (const piece of pieces) yield piece.span.end < to ? { ...piece, provisionalFrom: from } : piece;
}

/** Makes a slice smaller until its offsets and its count stay within what stores can give. */
async function openSlice(requests: Requests, span: Span, aim: number): Promise<Response> {
  let response = await requests.ask(span, 0);
  for (let cuts = 0; cuts < MOST_CUTS && response.total > aim * MOST_SHARE; cuts += 1) {
    const { start, end } = response.span;
    if (end - start <= 1) break;
    response = await requests.ask({ start, end: start + nextWidth(response, aim) }, 0);
  }
  return response;
}

/** Reads a slice from its earliest row on, as far as its list is sorted. @param last second of a row before it */
async function* sortedSlice(
  requests: Requests,
  slice: Response,
  direction: Direction,
  last: number | undefined,
): AsyncGenerator<WholeSpan, void, void> {
  const { start, end } = slice.span;
  const pace = { rate: slice.total / (end - start) };
  let place: Place | undefined = firstPlace(slice, direction, last);
  let page: Response | undefined = direction === "ascending" ? slice : undefined;
  let ended = false;
  for (let at = start; at < end; ) {
    if (place === undefined) {
      const piece = await nextPiece(requests, at, end, pace);
      yield piece;
      at = piece.span.end;
      place = ended ? undefined : placeBehind(piece, slice, direction);
      continue;
    }
    page ??= await pageAt(requests, place, end, direction);
    if (page === undefined || !isSorted(page, direction) || hasUnread(page, place)) return;
    const step = await stepOver(requests, page, place, slice, direction);
    if (step.at > at) yield partOf(page, { start: at, end: step.at }, at === start ? 1 : 0);
    ({ at, place, ended } = step);
    page = undefined;
  }
}

/** What a page is good for: how far it reads, Unix s, where to go on in its list, and whether that has ended. */
interface Step {
  readonly at: number;
  readonly place: Place | undefined;
  readonly ended: boolean;
}

async function stepOver(
  requests: Requests,
  page: Response,
  place: Place,
  { span: { end }, total }: Response,
  direction: Direction,
): Promise<Step> {
  const isLast = isLastPage(page, requests.pageRows, direction);
  // The largest total may be capped, and with it the list.
  const at = isLast && total < requests.largestTotal ? end : outerSecond(page, direction);
  if (at <= place.at) return { at: place.at, place: undefined, ended: false };
  if (isLast) return { at, place: undefined, ended: await holdsAllBefore(requests, page, at) };
  return { at, place: { ...place, at, index: indexOf(page, at, direction), last: at }, ended: false };
}

/** An ascending list is read from its begin, a descending one from a row that was read before. */
function firstPlace(
  { span, total }: Response,
  direction: Direction,
  last: number | undefined,
): Place | undefined {
  const at = span.start;
  if (direction === "ascending") return { at, listStart: at, index: 0, last: at };
  return last === undefined ? undefined : { at, listStart: last, index: total, last };
}

/** Where to go on behind a piece that was read by whole answers; undefined where it had no row. */
function placeBehind(piece: WholeSpan, { span, total }: Response, direction: Direction): Place | undefined {
  const at = piece.span.end;
  const last = lastSecond(piece);
  const { start } = piece.span;
  if (direction === "ascending") return { at, listStart: span.start, index: total, last: last ?? start - 1 };
  return last === undefined ? undefined : { at, listStart: last, index: total, last };
}

/** The page that holds the earliest rows not read yet, and one that was read; undefined where it can't be found. */
async function pageAt(
  requests: Requests,
  { at, listStart, index }: Place,
  end: number,
  direction: Direction,
): Promise<Response | undefined> {
  const isAscending = direction === "ascending";
  const back = isAscending ? 1 : requests.pageRows - 1;
  const step = Math.ceil(requests.pageRows / 2);
  let from = Math.max(0, index - back);
  for (let guesses = 0; guesses < MOST_GUESSES; guesses += 1) {
    const page = await requests.ask({ start: listStart, end }, from);
    requests.rereads += Number(guesses > 0);
    const early = page.starts.filter((ms) => ms !== undefined && ms < at * 1000).length;
    const meets = early > 0 && early < page.starts.length;
    if (meets || (from === 0 && early === 0 && (isAscending || (await requests.isWhole(page))))) return page;
    if (page.starts.length === 0) from = Math.max(0, page.total - back);
    else from = Math.max(0, from + ((early === 0) === isAscending ? -step : step));
  }
  return undefined;
}

/** Whether nothing of the slice comes behind a page. */
function isLastPage({ from, starts, total }: Response, pageRows: number, direction: Direction): boolean {
  if (direction === "descending") return from === 0;
  return from + starts.length >= total && starts.length < pageRows;
}

/** Whether a list that was read has all before a second of its last page: if its total is capped, that of less is not. */
async function holdsAllBefore(
  requests: Requests,
  { span, starts, total }: Response,
  second: number,
): Promise<boolean> {
  if (second >= span.end) return true;
  const behind = starts.filter((ms) => ms !== undefined && ms >= second * 1000).length;
  return (await requests.ask({ start: span.start, end: second }, 0)).total === total - behind;
}

/** The second of a page's latest row, up to which it holds all. */
function outerSecond({ starts }: Response, direction: Direction): number {
  return secondOf(starts.at(direction === "ascending" ? -1 : 0) ?? 0);
}

/** Rows of the list on its first side of a second that the page reaches. */
function indexOf({ from, starts }: Response, second: number, direction: Direction): number {
  const before = starts.filter((ms) => ms !== undefined && ms < second * 1000).length;
  return from + (direction === "ascending" ? before : starts.length - before);
}

/** Whether a page goes one way, and holds nothing but what was asked for. */
function isSorted({ span, starts }: Response, direction: Direction): boolean {
  const isAskedFor = (ms: number | undefined) =>
    ms !== undefined && secondOf(ms) >= span.start - 1 && secondOf(ms) <= span.end;
  const steps = starts.slice(1).map((ms, n) => (ms ?? 0) - (starts[n] ?? 0));
  return (
    starts.every(isAskedFor) && steps.every((step) => (direction === "ascending" ? step >= 0 : step <= 0))
  );
}

/** Whether a page has a row of time that was taken as read, and that it was not read with. */
function hasUnread({ starts }: Response, { at, last }: Place): boolean {
  return starts.some((ms) => ms !== undefined && secondOf(ms) > last && secondOf(ms) < at);
}

/**
 * The rows of a page that start in a part of its span.
 * @param before s: so much earlier they may start; the API counts the second before a slice, which is asked for too
 */
function partOf({ starts, rows }: Response, span: Span, before: 0 | 1): WholeSpan {
  const inside = (ms: number | undefined) =>
    ms !== undefined && ms >= (span.start - before) * 1000 && ms < span.end * 1000;
  return {
    span,
    starts: starts.filter(inside),
    rows: () => rows().filter(({ start }: KeyedRow) => inside(start)),
  };
}
