import { type Span, secondOf } from "./page.ts";
import type { Response } from "./requests.ts";
import { directionOf } from "./sorted-span.ts";

/** How a span that did not fit one response is made smaller. */
export type Cut =
  | { readonly kind: "end" /** Unix s */; readonly end: number }
  /** More than a page in about a second: read by offset, so many seconds at once. */
  | { readonly kind: "dense"; readonly seconds: number };

/** Share of a page that a request aims at. */
export const AIM = 0.85;
/** Seconds of a dense span at the least: the second before its end should be quiet, for it is asked for again. */
export const DENSE_SECONDS = 3;
/** Pages of a dense span at the most, as a rule. */
export const DENSE_PAGES = 28;
/** From this answer at one place on the span is halved at least. */
const HALVE_FROM = 4;
/** Starts that make a sample. */
const SAMPLE = 4;

/**
 * Where the first page of a span lies in it says where to cut: a page in no order is a sample, an ascending one holds
 * the earliest rows, a descending one says nothing of the beginning.
 * @param response from offset 0, of more than a page
 * @param pageRows rows of a full page
 * @param answers given before at this place
 */
export function nextCut({ span, starts, total }: Response, pageRows: number, answers: number): Cut {
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
function secondsIn({ start, end }: Span, starts: readonly (number | undefined)[]): readonly number[] {
  const seconds = starts.flatMap((ms) => (ms === undefined ? [] : secondOf(ms)));
  return seconds.filter((second) => second >= start && second < end).sort((a, b) => a - b);
}
