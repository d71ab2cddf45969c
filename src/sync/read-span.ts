import { DENSE_PAGES, DENSE_SECONDS, denseSpan } from "./dense-span.ts";
import { directionOf } from "./ordered-history.ts";
import { isOutside, type Span, secondOf, startsIn, type WholeSpan } from "./page.ts";
import { contractBroken, spanText } from "./problems.ts";
import type { Requests, Response } from "./requests.ts";

/** How a span that did not fit one response is made smaller. */
type Cut =
  | { readonly kind: "end" /** Unix s */; readonly end: number }
  /** More than a page in about a second: read by offset, so many seconds at once. */
  | { readonly kind: "dense"; readonly seconds: number };

/** Share of a page that a request aims at. */
const AIM = 0.85;
/** From the fifth answer for one piece on, the span is at least halved. */
const HALVE_FROM = 4;
/** Starts that make a sample. */
const SAMPLE = 4;
/** Answers at one place without progress. */
const MOST_ANSWERS = 60;
/** After so many cut answers in a row of which half lies outside, a time is asked for in which nothing can lie. */
const OUTSIDE = 6;
/** Times in which no session can lie: the first second of 1970, and of 2100. */
const NOWHERE: readonly Span[] = [
  { start: 1, end: 2 },
  { start: 4_102_444_800, end: 4_102_444_801 },
];

/** Rows a second, as the answers before had them; 0 while nothing is known. */
interface Pace {
  rate: number;
}

/**
 * Reads a span piece by piece, each proven whole: one response is a snapshot, so what it held all of is complete
 * whatever the order of rows and however the set moves. A response that did not hold all makes the piece smaller.
 * @param from Unix s, inclusive
 * @param to Unix s, exclusive
 * @param first response for all of it, where it was asked for already
 * @throws ConnectorError contract_broken or set_keeps_moving
 */
export async function* wholeSpans(
  requests: Requests,
  from: number,
  to: number,
  first?: Response,
): AsyncGenerator<WholeSpan, void, void> {
  const pace = { rate: 0 };
  for (let at = from; at < to; ) {
    const piece = await nextPiece(requests, at, to, pace, at === from ? first : undefined);
    yield piece;
    at = piece.span.end;
  }
}

/** The piece that begins at a place, as large as fits one response. @param to Unix s: it ends there at the latest */
async function nextPiece(requests: Requests, at: number, to: number, pace: Pace, first?: Response) {
  const width = pace.rate > 0 ? Math.max(1, Math.floor((AIM * requests.pageRows) / pace.rate)) : to - at;
  let span: Span = { start: at, end: Math.min(to, at + width) };
  const checkHonoured = createHonourCheck(requests);
  for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
    const response = (answers === 0 && first) || (await requests.ask(span, 0));
    // The request reaches a second further back than the span.
    const density = response.total / (span.end - span.start + 1);
    if (await requests.isWhole(response)) {
      pace.rate = density === 0 ? pace.rate / 4 : (density + (pace.rate || density)) / 2;
      return response;
    }
    pace.rate = density;
    await checkHonoured(response);
    const cut = nextCut(response, requests.pageRows, answers);
    if (cut.kind === "dense") return denseSpan(requests, { start: at, end: Math.min(to, at + cut.seconds) });
    span = { start: at, end: cut.end };
  }
  throw await requests.givenUp(span, `${MOST_ANSWERS} answers held no whole span`);
}

/**
 * Notices an API that ignores start or end: its cut answers have totals that do not fall, and rows that lie outside. An
 * API that filters by another time, which many sessions share, may look the same. So a time is asked for in which nothing
 * can lie: only an API that ignores start or end counts rows there.
 */
function createHonourCheck(requests: Requests): (response: Response) => Promise<void> {
  let least = Number.POSITIVE_INFINITY;
  let inRow = 0;
  return async ({ span, starts, total }) => {
    const outside = starts.filter((ms) => isOutside(span, ms)).length;
    inRow = total >= 0.9 * least && outside * 2 >= starts.length ? inRow + 1 : 0;
    if (inRow === 0) least = total;
    if (inRow !== OUTSIDE) return;
    for (const nowhere of NOWHERE) {
      if ((await requests.ask(nowhere, 0)).total < 0.9 * total) continue;
      throw contractBroken("it does not honour start or end", `${total} records for ${spanText(span)}`);
    }
  };
}

/**
 * Where the first page of a span lies in it says where to cut: a page in no order is a sample, an ascending one holds
 * the earliest rows, a descending one says nothing of the beginning.
 * @param response from offset 0, of more than a page
 * @param pageRows rows of a full page
 * @param answers given before at this place
 */
function nextCut({ span, starts, total }: Response, pageRows: number, answers: number): Cut {
  const width = span.end - span.start;
  const aim = AIM * pageRows;
  const share = Math.min(1, aim / total);
  const direction = directionOf(starts);
  const sample = direction === "descending" ? [] : secondsIn(span, starts);
  const isSample = sample.length >= SAMPLE;
  let step = Math.floor((width + 1) * share);
  /** Rows to be expected in a dense span at the least. */
  let rows = (DENSE_SECONDS * total) / (width + 1);
  if (isSample) {
    const isAscending = direction === "ascending";
    const last = Math.floor(sample.length * (isAscending ? AIM : share));
    step = (sample[Math.min(sample.length - 1, last)] ?? span.start) - span.start;
    const early = sample.filter((second) => second < span.start + DENSE_SECONDS).length;
    rows = isAscending ? early : (early * total) / starts.length;
  }
  if (width <= 1 || (isSample && step < DENSE_SECONDS && rows >= aim)) {
    const seconds = Math.floor((DENSE_SECONDS * DENSE_PAGES * pageRows) / Math.max(1, rows));
    return { kind: "dense", seconds: Math.max(DENSE_SECONDS, seconds) };
  }
  if (answers >= HALVE_FROM || total <= starts.length) step = Math.min(step, width >> 1);
  return { kind: "end", end: span.start + Math.max(1, Math.min(width - 1, step)) };
}

/** Seconds of the rows that start in the span, ascending. */
function secondsIn(span: Span, starts: Response["starts"]): readonly number[] {
  return starts
    .filter((ms) => startsIn(span, ms))
    .map(secondOf)
    .sort((a, b) => a - b);
}
