import { createGathering, createSortedPass, type Gathering } from "./dense-proofs.ts";
import { DENSE_PAGES, DENSE_SECONDS } from "./next-cut.ts";
import { type KeyedRow, type Span, secondOf, type WholeSpan } from "./page.ts";
import { keepsMoving } from "./problems.ts";
import type { Requests } from "./requests.ts";

/** A dense span of more pages is cut once more. */
const MOST_PAGES = 33;
const MOST_CUTS = 6;
/** Passes that a proof takes where nothing moves. */
const PROVING = 2;
/** Passes over one span, */
const MOST_PASSES = 8;
/** or more of them where they are short: rows in no lasting order have to come by chance. */
const FEW_REQUESTS = 240;
/** Requests of a pass beyond twice those that its rows need. */
const SPARE_REQUESTS = 20;
/** After so many passes that brought nothing the span is made narrower, */
const FRUITLESS = 2;
/** so many times. */
const NARROWER = 4;
/** How often a count has to be the same for a span and a wider one to be no coincidence. */
const SURE = 3;

/**
 * Reads more than a page of a few seconds by offset, the one place where pages are chained. Either the pages are
 * sorted by start and overlap, or the rows gathered in one reading are just those gathered in the next.
 * @param wanted shortened where it holds too much
 * @throws ConnectorError contract_broken or set_keeps_moving
 */
export async function denseSpan(requests: Requests, wanted: Span): Promise<WholeSpan> {
  let span = await shorten(requests, wanted);
  let gathering = createGathering();
  const sent = requests.sent;
  let passes = 0;
  const pages = () => (2 * gathering.total) / requests.pageRows;
  const mayGoOn = () =>
    (passes < MOST_PASSES || requests.sent - sent < FEW_REQUESTS) && requests.left > pages() + SPARE_REQUESTS;
  do {
    passes += 1;
    const sorted = await nextPass(requests, span, gathering, passes);
    const rows = sorted ?? gathering.proven();
    if (rows !== undefined) return wholeSpan(span, rows);
    if (gathering.contradiction() === undefined) requests.noteMoving(span, passes);
    const { start, end } = span;
    if (passes % FRUITLESS !== 0 || gathering.isComplete() || end - start <= DENSE_SECONDS) continue;
    // Fewer rows come by fewer requests, between which less can move.
    span = await shorten(requests, {
      start,
      end: start + Math.max(DENSE_SECONDS, Math.floor((end - start) / NARROWER)),
    });
    gathering = createGathering();
  } while (mayGoOn());
  const { total, rows } = gathering.contradiction() ?? {};
  if (total === undefined || rows === undefined) throw keepsMoving(span, passes);
  requests.mismatch(span, total, rows.length);
  return wholeSpan(span, rows);
}

async function nextPass(
  requests: Requests,
  span: Span,
  gathering: Gathering,
  passes: number,
): Promise<readonly KeyedRow[] | undefined> {
  const before = requests.sent;
  const sorted = await readPass(requests, span, gathering, passes % 2 === 0);
  if (passes > PROVING) requests.rereads += requests.sent - before;
  return sorted;
}

function wholeSpan(span: Span, rows: readonly KeyedRow[]): WholeSpan {
  return { span, starts: rows.map(({ start }) => start), rows: () => rows };
}

/** Cuts a span until offsets stay small, and until its count is no cap. */
async function shorten(requests: Requests, span: Span): Promise<Span> {
  let { end } = span;
  const { start } = span;
  for (let cuts = 0; ; cuts += 1) {
    const width = end - start;
    const response = await requests.ask({ start, end }, 0);
    const { total } = response;
    const outer = requests.widerWithSameTotal(response);
    const capped = outer !== undefined;
    if (capped && width <= 1) {
      await checkCap(requests, outer, { start, end });
      return { start, end };
    }
    if (capped) end = start + Math.floor(width / 2);
    else if (total > MOST_PAGES * requests.pageRows && width > DENSE_SECONDS && cuts < MOST_CUTS) {
      end = start + Math.max(DENSE_SECONDS, Math.floor((width * DENSE_PAGES * requests.pageRows) / total));
    } else return { start, end };
  }
}

/** @throws ConnectorError contract_broken where a wider span, which holds more, still has the same total */
async function checkCap(requests: Requests, outer: Span, inner: Span): Promise<void> {
  for (let times = 0; times < SURE; times += 1) {
    const { total, starts } = await requests.ask(outer, 0);
    const again = await requests.ask(inner, 0);
    const holdsMore = starts.some((ms) => ms !== undefined && isBeside(inner, secondOf(ms)));
    const isWider = holdsMore || requests.widerWithSameTotal(again) !== undefined;
    if (total !== again.total || again.starts.length >= total || !isWider) return;
  }
  requests.capped(inner, (await requests.ask(inner, 0)).total);
}

function isBeside({ start, end }: Span, second: number): boolean {
  return second < start - 1 || second > end;
}

/**
 * Reads all pages of a span once.
 * @param shifted whether pages end elsewhere than in the pass before: what stood on two of them then stands on one
 * @returns its rows where the pages were sorted and overlapped
 */
async function readPass(
  requests: Requests,
  span: Span,
  gathering: Gathering,
  shifted: boolean,
): Promise<readonly KeyedRow[] | undefined> {
  const sorted = createSortedPass();
  const pages: (readonly KeyedRow[])[] = [];
  const totals = new Set<number>();
  let overlaps = false;
  let from = 0;
  for (;;) {
    const response = await requests.ask(span, from);
    const { total } = response;
    const rows = response.rows();
    totals.add(total);
    sorted.add(rows);
    pages.push(rows);
    const reached = from + rows.length;
    const isMany = pages.length > (2 * total) / requests.pageRows + SPARE_REQUESTS;
    if (rows.length === 0 || reached >= total || isMany) {
      // One more request also has an API that answers in turns take another turn at the next pass.
      const whole =
        reached === total &&
        (await isEnd(requests, span, reached, shifted ? requests.pageRows : rows.length));
      gathering.add({ pages, total, overlaps, settled: whole && totals.size === 1 });
      return whole ? sorted.proven() : undefined;
    }
    const back = sorted.overlap() || halfOf(rows, shifted && from === 0);
    overlaps ||= back > 0;
    from = reached - back;
  }
}

function halfOf(rows: readonly KeyedRow[], wanted: boolean): number {
  return wanted ? Math.floor(rows.length / 2) : 0;
}

/** Whether nothing comes behind the last page: one that is full may hide rows that the total does not count. */
async function isEnd(requests: Requests, span: Span, reached: number, lastRows: number): Promise<boolean> {
  if (lastRows < requests.pageRows) return true;
  return (await requests.ask(span, reached)).starts.length === 0;
}
