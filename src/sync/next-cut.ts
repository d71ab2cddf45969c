import { type Span, secondOf } from "./page.ts";
import type { Response } from "./requests.ts";

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
export const DENSE_PAGES = 22;
/** From this answer at one place on the span is halved at least. */
const HALVE_FROM = 4;
/** A descending page says nothing of the beginning; only spans of so few seconds are taken for dense by their count. */
const SHORT_SPAN = 16;
/** Starts that make a sample. */
const SAMPLE = 4;

/** Which way the starts of a page go; "mixed" also where too few differ to tell. */
type Direction = "ascending" | "descending" | "mixed";

/**
 * Where the first page of a span lies in it says where to cut: a page in no order is a sample, an ascending one holds
 * the earliest rows, a descending one says nothing of the beginning.
 * @param response from offset 0, of more than a page
 * @param pageRows rows of a full page
 * @param answers given before at this place
 */
export function nextCut(response: Response, pageRows: number, answers: number): Cut {
  const { span, starts, total } = response;
  const width = span.end - span.start;
  if (width <= 1 || starts.every((start) => start === undefined)) return dense(total / (width + 1), pageRows);
  const aim = AIM * pageRows;
  const share = Math.min(1, aim / total);
  const direction = directionOf(starts);
  const seconds = secondsIn(span, starts);
  let step = Math.floor((width + 1) * share);
  if (direction !== "descending" && seconds.length >= SAMPLE) {
    const quantile = Math.floor(seconds.length * (direction === "ascending" ? AIM : share));
    step = (seconds[Math.min(seconds.length - 1, quantile)] ?? span.start) - span.start;
    const early = seconds.filter((second) => second < span.start + DENSE_SECONDS).length;
    const expected = direction === "ascending" ? early : (early * total) / starts.length;
    if (step < DENSE_SECONDS && expected >= aim)
      return dense(Math.max(total / (width + 1), expected / DENSE_SECONDS), pageRows);
  } else if (width <= SHORT_SPAN && (DENSE_SECONDS * total) / (width + 1) >= aim) {
    return dense(total / (width + 1), pageRows);
  }
  if (answers >= HALVE_FROM) step = Math.min(step, Math.floor(width / 2));
  return { kind: "end", end: span.start + Math.max(1, Math.min(width - 1, step)) };
}

/** @param density rows a second */
function dense(density: number, pageRows: number): Cut {
  return { kind: "dense", seconds: Math.max(DENSE_SECONDS, Math.floor((DENSE_PAGES * pageRows) / density)) };
}

/** Seconds of the rows that start in the span, ascending. */
function secondsIn({ start, end }: Span, starts: readonly (number | undefined)[]): readonly number[] {
  const seconds = starts.flatMap((ms) => (ms === undefined ? [] : secondOf(ms)));
  return seconds.filter((second) => second >= start && second < end).sort((a, b) => a - b);
}

/** Which way starts go, equal neighbours allowed. @param starts Unix ms */
export function directionOf(starts: readonly (number | undefined)[]): Direction {
  const known = starts.flatMap((start) => start ?? []);
  const pairs = known.slice(1).map((start, n) => start - (known[n] ?? start));
  const first = known[0];
  const last = known.at(-1);
  // Few or close starts may go one way by chance.
  const tells =
    new Set(known).size >= 8 &&
    first !== undefined &&
    last !== undefined &&
    secondOf(first) !== secondOf(last);
  if (!tells) return "mixed";
  if (pairs.every((step) => step >= 0)) return "ascending";
  return pairs.every((step) => step <= 0) ? "descending" : "mixed";
}
