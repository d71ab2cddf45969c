import { sortedSpan } from "./ordered-history.ts";
import { groupRows, type KeyedRow, type Span } from "./page.ts";
import { keepsMoving, spanText } from "./problems.ts";
import { PAGE_ROWS, type Requests, type Response } from "./requests.ts";
import { type WholeSpan, wholeSpan } from "./whole-span.ts";

/** Seconds of a dense span at the least: the second before its end should be quiet, for it is asked for again. */
export const DENSE_SECONDS = 3;
/** Pages of a dense span at the most, as a rule. */
export const DENSE_PAGES = 33;
/** A dense span of more pages is cut once more. */
const MOST_PAGES = 47;
const MOST_CUTS = 6;
/** Passes over one span; more of them where they took fewer than FEW_REQUESTS. */
const MOST_PASSES = 8;
/** Requests that passes over one span may take in any case: rows in no lasting order have to come by chance. */
const FEW_REQUESTS = 240;
/** Passes that prove a span where nothing moves; further ones read it again. */
const PROVING = 2;
/** After so many passes that brought nothing the span is made narrower: in fewer requests less can move. */
const FRUITLESS = 2;
/** How often what contradicts itself has to come to be no coincidence. */
const SURE = 3;
/** So many different rows, or passes, more than one show an order that lasts: few come in the same order by chance. */
const ORDERED = 7;

/** Rows of the same content, as often as they came. */
type Bag = Map<string, readonly KeyedRow[]>;

/** All pages of one reading of a span by offset, none of which overlap. */
interface Pass {
  readonly pages: readonly (readonly KeyedRow[])[];
  readonly rows: readonly KeyedRow[];
  readonly total: number;
  /** Whether the total stayed, and is what came; otherwise the pass proves nothing. */
  readonly isSteady: boolean;
}

/**
 * Reads more than a page of a few seconds by offset: sorted by start, or gathered in no order.
 * @param wanted shortened where it holds too much
 * @throws ConnectorError contract_broken or set_keeps_moving
 */
export async function denseSpan(requests: Requests, wanted: Span): Promise<WholeSpan> {
  const first = await shorten(requests, wanted);
  const { span } = first;
  const sorted = await sortedSpan(requests, first);
  if (sorted !== undefined) return sorted;
  const sent = requests.sent;
  const gathering = new Gathering();
  let mismatches: readonly string[] = [];
  let proving = 0;
  for (let passes = 1; passes <= MOST_PASSES || requests.sent - sent < FEW_REQUESTS; passes += 1) {
    const before = requests.sent;
    const pass = await readPass(requests, first, passes);
    if (passes > PROVING) requests.rereads += requests.sent - before;
    else proving += requests.sent - before;
    const gathered = gathering.add(pass);
    if (gathered !== undefined) return wholeSpan(span, gathered);
    if (passes >= PROVING) requests.noteMoved(span);
    const { rows, total } = pass;
    const text = `the API counts ${total} records in ${spanText(span)} and gives ${rows.length}`;
    mismatches = rows.length === total ? [] : [...mismatches.filter((each) => each === text), text];
    if (mismatches.length >= SURE) {
      requests.acceptMismatch(text);
      return wholeSpan(span, rows);
    }
    const width = Math.max(DENSE_SECONDS, (span.end - span.start) >> 2);
    const isNarrower = span.start + width < span.end;
    if (passes % FRUITLESS === 0 && isNarrower && !gathering.isComplete) {
      requests.rereads += proving;
      return denseSpan(requests, { start: span.start, end: span.start + width });
    }
  }
  throw keepsMoving(span);
}

/**
 * Gathers rows in no order until as many different ones came as the API counts. One such reading may have missed a row that
 * was there, if one that has gone since was counted in its place. The next reading can't count the one that has gone: so if
 * both gathered the same rows, those are all. Rows that can't be told apart may never be as many, spread over pages; they
 * are what they seem to be where all rows come again in the same order on pages that end elsewhere.
 */
class Gathering {
  #gathered: Bag = new Map();
  #complete: Bag | undefined;
  #total = 0;
  #before: Pass | undefined;
  /** Passes in a row that came in the order of the one before. */
  #repeats = 0;

  /** Whether a reading gathered as many rows as there are. */
  get isComplete(): boolean {
    return this.#complete !== undefined;
  }

  /** @returns all rows, once that is proven */
  add(pass: Pass): readonly KeyedRow[] | undefined {
    const { total, isSteady } = pass;
    if (!isSteady || total !== this.#total) {
      this.#gathered = new Map();
      this.#complete = undefined;
      this.#before = undefined;
    }
    this.#total = total;
    if (!isSteady) return undefined;
    const gathered = this.#gathered;
    unite(gathered, pass);
    const rows = [...gathered.values()].flat();
    if (rows.length < total) return this.#isLasting(pass) ? pass.rows : undefined;
    this.#gathered = new Map();
    const before = this.#complete;
    this.#complete = rows.length === total ? gathered : undefined;
    return before !== undefined && this.#complete !== undefined && isSame(gathered, before)
      ? rows
      : undefined;
  }

  /** Whether a pass and those before it have shown an order that lasts, and nothing that came earlier is missing in it. */
  #isLasting(pass: Pass): boolean {
    const before = this.#before;
    this.#before = pass;
    const isElsewhere = before?.pages[0]?.length !== pass.pages[0]?.length;
    const isRepeat = isElsewhere && pass.rows.every((row, n) => nameOf(row) === nameOf(before?.rows[n]));
    this.#repeats = isRepeat ? this.#repeats + 1 : 0;
    const came = bagOf(pass.rows);
    const isAll = [...this.#gathered.keys()].every((name) => came.has(name));
    return isAll && this.#repeats * (came.size - 1) >= ORDERED;
  }
}

/** Cuts a span until offsets stay small, and until its count is no cap. @returns its first page */
async function shorten(requests: Requests, { start, end: wanted }: Span): Promise<Response> {
  let end = wanted;
  for (let cuts = 0; ; cuts += 1) {
    const width = end - start;
    const response = await requests.ask({ start, end }, 0);
    const { total } = response;
    const wider = requests.wider(response);
    if (wider !== undefined && width > 1) end = start + (width >> 1);
    else if (total > MOST_PAGES * requests.pageRows && width > DENSE_SECONDS && cuts < MOST_CUTS) {
      end = start + Math.max(DENSE_SECONDS, Math.floor((width * DENSE_PAGES * requests.pageRows) / total));
    } else {
      if (wider !== undefined) await checkCap(requests, wider, { start, end });
      return response;
    }
  }
}

/** @throws ConnectorError contract_broken where a wider span still has the same total as a second in it */
async function checkCap(requests: Requests, wider: Span, second: Span): Promise<void> {
  let total = 0;
  for (let times = 0; times < SURE; times += 1) {
    ({ total } = await requests.ask(wider, 0));
    if ((await requests.ask(second, 0)).total !== total) return;
  }
  requests.acceptMismatch(`the API counts ${total} records in every span around ${spanText(second)}`);
}

/**
 * Reads all pages of a span once.
 * @param first page of it, which serves the first pass
 * @param passes of it so far; in every other one, pages end elsewhere: what stood on two of them then stands on one
 */
async function readPass(requests: Requests, first: Response, passes: number): Promise<Pass> {
  const { span } = first;
  const shifted = passes % 2 === 0;
  const pages: (readonly KeyedRow[])[] = [];
  const totals = new Set<number>();
  for (let offset = 0; ; ) {
    const limit = shifted && offset === 0 ? Math.ceil(requests.pageRows / 2) : PAGE_ROWS;
    const response = offset === 0 && passes === 1 ? first : await requests.ask(span, offset, limit);
    const { total } = response;
    const rows = response.rows();
    totals.add(total);
    pages.push(rows);
    offset += rows.length;
    if (rows.length > 0 && offset < total) continue;
    // A full page may hide rows. One more request also has replicas that answer in turn change turns.
    const asksOn = offset === total && (shifted || rows.length >= requests.pageRows);
    const isEnd = !asksOn || (await requests.ask(span, offset)).starts.length === 0;
    return { pages, rows: pages.flat(), total, isSteady: offset === total && totals.size === 1 && isEnd };
  }
}

/**
 * Each content as often as in the page that has it most often; all of them where they fill a page, so can't be on it: of
 * several rows, for a single one fills any page of one.
 */
function unite(gathered: Bag, { pages, rows: all }: Pass): void {
  const bags = pages.map(bagOf);
  const full = Math.max(...pages.map((page) => page.length));
  const filling = bags.flatMap((bag) =>
    [...bag].flatMap(([name, rows]) => (full > 1 && rows.length === full ? name : [])),
  );
  const ofPass = bagOf(all);
  for (const name of new Set(filling)) bags.push(new Map([[name, ofPass.get(name) ?? []]]));
  for (const [name, rows] of bags.flatMap((bag) => [...bag])) {
    if (rows.length > (gathered.get(name)?.length ?? 0)) gathered.set(name, rows);
  }
}

function bagOf(rows: readonly KeyedRow[]): Bag {
  return groupRows(rows, nameOf);
}

/** The same for rows that can't be told apart. */
function nameOf(row: KeyedRow | undefined): string {
  return `${row?.key} ${row?.hash}`;
}

function isSame(a: Bag, b: Bag): boolean {
  return a.size === b.size && [...a].every(([name, rows]) => b.get(name)?.length === rows.length);
}
