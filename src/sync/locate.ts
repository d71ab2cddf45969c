import type { Span } from "./page.ts";
import { wholeSpans } from "./read-span.ts";
import type { Requests, Response } from "./requests.ts";
import type { WholeSpan } from "./whole-span.ts";

/** Rows that are known, of which some are to be found that differ from what the API has. */
export interface KnownRows {
  /** Whether what is known of a span accounts for what the API counts in it. */
  accountsFor(span: Span, total: number): boolean | Promise<boolean>;
  /** Holds one response, which has all rows of a span, against what is known. @returns whether it is the same */
  compare(span: Span, response: WholeSpan): Promise<boolean>;
  /** Takes a span that can't be cut any further, piece by piece. */
  take(span: Span, pieces: AsyncIterable<WholeSpan>): Promise<void>;
  /** Takes rows from around a place where two spans meet. */
  takeAround(response: WholeSpan): Promise<void>;
  /** Unix s: where to cut a span into halves; undefined where it can't be cut any further. */
  middle(span: Span): number | undefined | Promise<number | undefined>;
}

/**
 * Looks for rows in which the API and what is known differ: by halves, until the counts agree, or one response holds
 * all of a span and is compared row by row.
 * @param most requests in all, after which nothing more is asked for
 * @param counted a response for the span, where it was asked for already
 * @returns whether what is known accounts for what the API has
 */
export async function locate(
  requests: Requests,
  known: KnownRows,
  span: Span,
  most = Number.POSITIVE_INFINITY,
  counted?: Response,
): Promise<boolean> {
  if (requests.sent >= most) return false;
  const response = counted ?? (await requests.ask(span, 0));
  if (await requests.isWhole(response)) return known.compare(span, response);
  if (await known.accountsFor(span, response.total)) return true;
  const middle = await known.middle(span);
  if (middle === undefined) {
    await known.take(span, wholeSpans(requests, span.start, span.end));
    return false;
  }
  const first = await locate(requests, known, { start: span.start, end: middle }, most);
  const second = await locate(requests, known, { start: middle, end: span.end }, most);
  if (first && second) await readAround(requests, known, middle, span, most);
  return false;
}

/** Both halves agree and the whole does not: what is missing lies across the second where they meet. */
async function readAround(
  requests: Requests,
  known: KnownRows,
  middle: number,
  whole: Span,
  most: number,
): Promise<void> {
  for (let reach = (whole.end - whole.start) >> 2; reach >= 1 && requests.sent < most; reach >>= 1) {
    // What comes from outside of the whole was not counted in it, and would make up for what is missing.
    const start = Math.max(whole.start, middle - reach);
    const response = await requests.ask({ start, end: Math.min(whole.end, middle + reach) }, 0);
    if (await requests.isWhole(response)) return known.takeAround(response);
  }
}
