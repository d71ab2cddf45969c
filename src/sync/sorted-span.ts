import { type KeyedRow, type Span, secondOf, type WholeSpan } from "./page.ts";
import type { Requests, Response } from "./requests.ts";

/** Which way the starts of a page go; "mixed" also where too few differ to tell. */
export type Direction = "ascending" | "descending" | "mixed";

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
  const rows = [...first.rows()];
  let fineSteps = 0;
  for (let page = first; isSorted(page, sign); ) {
    const { span, from, starts, total } = page;
    if (from + starts.length >= total)
      return (await isEnd(requests, page)) ? wholeSpan(span, rows) : undefined;
    fineSteps += starts.filter((ms, n) => isFineStep(starts[n - 1], ms)).length;
    const place = (ms = 0) => (fineSteps < FINE_STEPS ? secondOf(ms) : ms) * sign;
    // What starts in the last second (or ms) of a page may go on in the next one, which has all of it.
    const edge = place(starts.at(-1));
    const tied = starts.filter((ms) => place(ms) === edge).length;
    page = await requests.ask(span, from + Math.max(0, starts.length - tied - 1));
    const met = page.starts.filter((ms) => place(ms) < edge);
    if (met.length === 0 || !met.every((ms) => starts.includes(ms))) return undefined;
    rows.splice(rows.length - tied, tied, ...page.rows().slice(met.length));
  }
  return undefined;
}

/** Whether a page goes one way, and holds nothing but what was asked for. */
function isSorted({ span, starts }: Response, sign: number): boolean {
  const isAskedFor = (second: number) => second >= span.start - 1 && second <= span.end;
  return starts.every((ms, n) => {
    const before = starts[n - 1] ?? ms;
    return ms !== undefined && before !== undefined && isAskedFor(secondOf(ms)) && (ms - before) * sign >= 0;
  });
}

/** Whether nothing comes behind a page: one that is full may hide rows that the total does not count. */
async function isEnd(requests: Requests, { span, from, starts, total }: Response): Promise<boolean> {
  const reached = from + starts.length;
  if (reached !== total) return false;
  return starts.length < requests.pageRows || (await requests.ask(span, reached)).starts.length === 0;
}

function isFineStep(before: number | undefined, start: number | undefined): boolean {
  return (
    before !== undefined && start !== undefined && before !== start && secondOf(before) === secondOf(start)
  );
}

/** A span with all of its rows. */
export function wholeSpan(span: Span, rows: readonly KeyedRow[]): WholeSpan {
  return { span, starts: rows.map(({ start }) => start), rows: () => rows };
}
