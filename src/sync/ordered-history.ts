import { isOutside, type KeyedRow, type Span, secondOf } from "./page.ts";
import type { Requests, Response } from "./requests.ts";
import { meanwhile, type WholeSpan, wholeSpan } from "./whole-span.ts";

/**
 * Sessions that the first slice aims at, and the largest: a run that is killed within one begins it again, so each run
 * begins with small ones.
 */
const FIRST_ROWS = 200;
const MOST_ROWS = 2500;
/** A slice may hold so much more than was aimed at: to cut it again costs a request. */
const TOLERANCE = 1.3;
const MOST_CUTS = 40;
/** Many stores refuse an offset of 10,000. */
const MOST_OFFSET = 9_900;
/** A list that ends early, as some do at 10,000, shows a first session that is none: after so many cuts it is not trusted. */
const TRUSTED_CUTS = 3;

/** Which way the starts of a page go; "mixed" also where too few differ to tell. */
type Direction = "ascending" | "descending" | "mixed";

/** Steps within one second that show an order by milliseconds, and not by whole seconds. */
const FINE_STEPS = 15;

/** Which way starts go, equal neighbours allowed. @param starts Unix ms */
export function directionOf(starts: readonly (number | undefined)[]): Direction {
  const known = starts.flatMap((start) => start ?? []);
  // Few may go one way by chance.
  if (new Set(known).size < 8) return "mixed";
  const steps = known.slice(1).map((start, n) => start - (known[n] ?? start));
  if (steps.every((step) => step >= 0)) return "ascending";
  return steps.every((step) => step <= 0) ? "descending" : "mixed";
}

/**
 * Reads history, where nothing moves any more, in the API's order, slice by slice: far fewer requests than whole answers
 * take. A slice whose pages prove nothing ends it.
 * @param from Unix s, inclusive
 * @param to Unix s, exclusive
 * @returns Unix s: how far it came
 */
export async function* orderedSpans(
  requests: Requests,
  from: number,
  to: number,
): AsyncGenerator<WholeSpan, number, void> {
  let width = to - from;
  let aim = FIRST_ROWS;
  let isEmpty = true;
  for (let at = from; at < to; ) {
    const slice = await openSlice(requests, { start: at, end: Math.min(to, at + width) }, aim, isEmpty);
    const piece = await proveSlice(requests, slice, aim);
    if (piece === undefined) return at;
    yield piece;
    const { total, span } = slice;
    at = span.end;
    if (total > 0) {
      aim = Math.min(2 * aim, MOST_ROWS);
      isEmpty = false;
    }
    const seconds = span.end - firstSecond(piece);
    width = total === 0 ? 2 * (at - span.start) : Math.max(1, Math.floor((seconds * aim) / total));
  }
  return to;
}

/** Whether a slice holds too much. The largest total may be a cap, and the list may end there. */
function isMuch(requests: Requests, { total }: Response, aim: number): boolean {
  return total > aim * TOLERANCE || total === requests.largestTotal;
}

/**
 * Asks for a slice that holds about so many sessions.
 * @param isEmpty whether nothing was found yet: years may be empty before the first session
 */
async function openSlice(
  requests: Requests,
  { start, end }: Span,
  aim: number,
  isEmpty: boolean,
): Promise<Response> {
  let slice = await requests.ask({ start, end }, 0);
  let begin = start;
  for (let cuts = 0; cuts < MOST_CUTS; cuts += 1) {
    const { span, total } = slice;
    if (span.end - start <= 1 || !isMuch(requests, slice, aim) || (await requests.isWhole(slice))) break;
    if (isEmpty && cuts < TRUSTED_CUTS && begin === start && total <= MOST_OFFSET)
      begin = await firstOf(requests, slice);
    if (cuts === TRUSTED_CUTS) begin = start;
    const share = total > MOST_OFFSET ? 0.5 : Math.min(0.5, aim / total);
    const width = begin - start + Math.floor((span.end - begin) * share);
    slice = await requests.ask({ start, end: start + Math.max(1, width) }, 0);
  }
  return slice;
}

/** All of a slice; undefined where its pages prove nothing. */
async function proveSlice(requests: Requests, slice: Response, aim: number): Promise<WholeSpan | undefined> {
  if (await requests.isWhole(slice)) return slice;
  if (isMuch(requests, slice, aim)) return undefined;
  const before = requests.sent;
  const sorted = await sortedSpan(requests, slice);
  if (sorted === undefined) requests.rereads += requests.sent - before;
  return sorted;
}

/** The second in which the first session of a slice starts, Unix s, as its list has it. */
async function firstOf(requests: Requests, slice: Response): Promise<number> {
  const { span, starts, total } = slice;
  if (directionOf(starts) === "ascending") return firstSecond(slice);
  const last = await requests.ask(span, Math.max(0, total - requests.pageRows));
  return directionOf(last.starts) === "descending" ? firstSecond(last) : span.start;
}

/** The second in which the first of a span's rows starts, Unix s; its last one if none is known. */
function firstSecond({ span, starts }: WholeSpan): number {
  const seconds = starts.flatMap((ms) => (ms === undefined ? [] : Math.max(span.start, secondOf(ms))));
  return Math.min(...seconds, span.end - 1);
}

/**
 * Reads a span of many pages in the API's order. A page sorted by start holds all that starts between its outer rows,
 * wherever it lies in the list, and pages that overlap hold all of the list. A session that the order has put elsewhere
 * comes in a later page, out of order.
 * @param first page of the span
 * @returns undefined where pages are not sorted, or do not meet
 */
export async function sortedSpan(requests: Requests, first: Response): Promise<WholeSpan | undefined> {
  const direction = directionOf(first.starts);
  if (direction === "mixed") return undefined;
  const sign = direction === "ascending" ? 1 : -1;
  const rows: KeyedRow[] = [];
  let fineSteps = 0;
  let overlap = 0;
  for (let page = first; isSorted(page, sign); ) {
    const { span, offset, starts, total } = page;
    if (offset + starts.length >= total) {
      if (!(await isEnd(requests, page))) return undefined;
      return wholeSpan(span, [...rows, ...page.rows().slice(overlap)]);
    }
    fineSteps += starts.filter((ms, n) => isFineStep(starts[n - 1], ms)).length;
    const place = (ms = 0) => (fineSteps < FINE_STEPS ? secondOf(ms) : ms) * sign;
    // What starts in the last second (or ms) of a page may go on in the next one, which has all of it.
    const edge = place(starts.at(-1));
    const tied = starts.filter((ms) => place(ms) === edge).length;
    if (tied + 1 >= starts.length) return undefined;
    const upTo = starts.length - tied;
    const { rows: convert } = page;
    const skipped = overlap;
    page = await meanwhile(requests.ask(span, offset + upTo - 1), () => {
      rows.push(...convert().slice(skipped, upTo));
    });
    const meeting = page.starts.filter((ms) => place(ms) < edge);
    if (meeting.length === 0 || !meeting.every((ms) => starts.includes(ms))) return undefined;
    overlap = meeting.length;
  }
  return undefined;
}

/** Whether a page goes one way, and holds nothing but what was asked for. */
function isSorted({ span, starts }: Response, sign: number): boolean {
  return starts.every((ms, n) => {
    const before = starts[n - 1] ?? ms;
    return ms !== undefined && before !== undefined && !isOutside(span, ms) && (ms - before) * sign >= 0;
  });
}

/** Whether nothing comes behind a page: one that is full may hide rows that the total does not count. */
async function isEnd(requests: Requests, { span, offset, starts, total }: Response): Promise<boolean> {
  const reached = offset + starts.length;
  if (reached !== total) return false;
  return starts.length < requests.pageRows || (await requests.ask(span, reached)).starts.length === 0;
}

function isFineStep(before: number | undefined, start: number | undefined): boolean {
  return (
    before !== undefined && start !== undefined && before !== start && secondOf(before) === secondOf(start)
  );
}
