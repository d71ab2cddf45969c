import { DENSE_PAGES, DENSE_SECONDS, denseSpan } from "./dense-span.ts";
import { directionOf } from "./ordered-history.ts";
import { type Span, secondOf, startsIn } from "./page.ts";
import { contractBroken, spanText } from "./problems.ts";
import type { Requests, Response } from "./requests.ts";
import type { WholeSpan } from "./whole-span.ts";

/** How a span that did not fit one response is made smaller. */
interface Cut {
  /** Unix s */
  readonly end: number;
  /** More than a page starts in about a second: to be read by offset. */
  readonly isDense: boolean;
}

/** Share of a page that a request aims at. */
const AIM = 0.85;
/** From the fifth answer for one piece on, the span is at least halved. */
const HALVE_FROM = 4;
/** A longer span is not read by offset at once: too much may move in it. */
const CROWD_SECONDS = 3600;
/** Starts that make a sample. */
const SAMPLE = 4;
/** Answers at one place without progress. */
const MOST_ANSWERS = 60;
/** Times in which no session can lie: the first second of 1970, and of 2100. */
const NOWHERE: readonly Span[] = [
  { start: 1, end: 2 },
  { start: 4_102_444_800, end: 4_102_444_801 },
];

/** What the answers before say of the next span. */
class Pace {
  readonly #requests: Requests;
  /** Rows a second; 0 while nothing is known. */
  #rate = 0;
  /** The last span that held too much, while none of it has come: it starts behind what has been read since. */
  #crowd: Pick<Response, "span" | "total"> | undefined;

  constructor(requests: Requests) {
    this.#requests = requests;
  }

  /** What to ask for first at a place. @param to Unix s: it ends there at the latest */
  spanAt(at: number, to: number): Span {
    const width = this.#rate > 0 ? Math.floor((AIM * this.#requests.pageRows) / this.#rate) : to - at;
    const crowd = this.#crowd;
    const end = crowd && isCrowdOf(this.#requests, crowd) ? crowd.span.end : at + Math.max(1, width);
    return { start: at, end: Math.min(to, end) };
  }

  /** A response held all of its span. */
  noteWhole(response: Response): void {
    const density = densityOf(response);
    this.#rate = density === 0 ? this.#rate / 4 : (density + (this.#rate || density)) / 2;
    if (density > 0 || (this.#crowd?.span.end ?? 0) <= response.span.end) this.#crowd = undefined;
  }

  /**
   * A response did not hold all of its span.
   * @returns whether a longer span held no more: all of it starts in a moment, or the API cuts start and end to minutes, or
   * does not look at them
   */
  noteCut(response: Response): boolean {
    const { span, total } = response;
    const isSame = this.#crowd !== undefined && total >= this.#crowd.total;
    this.#rate = densityOf(response);
    this.#crowd = total > this.#requests.pageRows ? { span, total } : undefined;
    return isSame && this.#crowd !== undefined;
  }

  /** Rows have come in another way. */
  noteDense(): void {
    this.#crowd = undefined;
  }
}

/** Whether a span that a shorter one would not help is to be read by offset. The largest total may be a cap, the same for all. */
function isCrowdOf(requests: Requests, { span, total }: Pick<Response, "span" | "total">): boolean {
  const isShort = span.end - span.start <= CROWD_SECONDS && total <= DENSE_PAGES * requests.pageRows;
  return isShort && total < requests.largestTotal;
}

/** Rows a second. The request reaches a second further back than the span. */
function densityOf({ span, total }: Response): number {
  return total / (span.end - span.start + 1);
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
  const pace = new Pace(requests);
  for (let at = from; at < to; ) {
    const piece = await nextPiece(requests, at, to, pace, at === from ? first : undefined);
    yield piece;
    at = piece.span.end;
  }
}

/** The piece that begins at a place, as large as fits one response. @param to Unix s: it ends there at the latest */
async function nextPiece(requests: Requests, at: number, to: number, pace: Pace, first?: Response) {
  let span = pace.spanAt(at, to);
  for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
    const response = (answers === 0 && first) || (await requests.ask(span, 0));
    if (await requests.isWhole(response)) {
      pace.noteWhole(response);
      return response;
    }
    const isSame = pace.noteCut(response);
    if (isSame) await checkHonoured(requests, response);
    const isCrowd = isSame && isCrowdOf(requests, response);
    const cut = nextCut(response, requests.pageRows, answers);
    span = { start: at, end: isCrowd ? span.end : Math.min(to, cut.end) };
    if (isCrowd || cut.isDense) {
      pace.noteDense();
      return denseSpan(requests, span);
    }
  }
  throw await requests.givenUp(span, `${MOST_ANSWERS} answers held no whole span`);
}

/**
 * Whether an API looks at start and end. One that filters by another time, which many sessions share, may count as many in a
 * shorter span too; but in a time in which nothing can lie, only one that ignores start or end counts rows.
 * @throws ConnectorError contract_broken
 */
async function checkHonoured(requests: Requests, { span, total }: Response): Promise<void> {
  if (requests.isHonoured) return;
  requests.isHonoured = true;
  for (const nowhere of NOWHERE) {
    if ((await requests.ask(nowhere, 0)).total < 0.9 * total) continue;
    throw contractBroken("it does not honour start or end", `${total} records for ${spanText(span)}`);
  }
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
    return { end: span.start + Math.max(DENSE_SECONDS, seconds), isDense: true };
  }
  if (answers >= HALVE_FROM || total <= starts.length) step = Math.min(step, width >> 1);
  return { end: span.start + Math.max(1, Math.min(width - 1, step)), isDense: false };
}

/** Seconds of the rows that start in the span, ascending. */
function secondsIn(span: Span, starts: Response["starts"]): readonly number[] {
  return starts
    .filter((ms) => startsIn(span, ms))
    .map(secondOf)
    .sort((a, b) => a - b);
}
