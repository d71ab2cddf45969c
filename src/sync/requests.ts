import { type FetchPage, type Page, type Span, secondOf } from "./page.ts";
import { contractBroken, keepsMoving, spanText } from "./problems.ts";

/** Rows asked for at a time (API parameter limit: 100 at the most). */
export const PAGE_ROWS = 100;
/** Requests of a run beyond those that its rows need. */
const SPARE_REQUESTS = 200;
/** How often the needed requests may be exceeded. */
const MOST_TIMES = 4;
/** Where stores like to end a count. */
export const USUAL_CAPS = new Set([500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]);
/** Answers in a row that contradict themselves before that counts as lasting. */
const CONTRADICTIONS = 3;

/** One response, with what was asked for. */
export interface Response extends Page {
  /** The span that it is to be judged for; the API was asked for a second more before it. */
  readonly span: Span;
  /** Offset of its first row. */
  readonly from: number;
  readonly total: number;
}

/** What is known of the API's pages; the same for all partitions of a stream. */
export interface PageKnowledge {
  /** Most rows of a response that was cut; 0 while none was. */
  cutRows: number;
  /** Most rows of any response. */
  mostRows: number;
  /** Most rows of a response that is known to have been whole although it may have filled a page. */
  vouchedRows: number;
  /** Fewest rows of a page with rows behind it: a page of fewer that is not the last one contradicts itself. */
  shortestRows: number;
  /** Whether a count that does not fit its rows was accepted before. */
  isLenient: boolean;
}

/** Nothing known yet. */
export function newPageKnowledge(): PageKnowledge {
  return { cutRows: 0, mostRows: 0, vouchedRows: 0, shortestRows: PAGE_ROWS, isLenient: false };
}

/** What requests are made with. */
export interface RequestsParts {
  readonly fetch: FetchPage;
  readonly pages: PageKnowledge;
  readonly acceptCountMismatch: boolean;
  readonly warn: (text: string) => void;
}

/** Asks for the pages of one partition, and knows what an answer that holds everything looks like. */
export class Requests {
  /** Answers that were asked for again because the set moved under them. */
  rereads = 0;
  readonly #parts: RequestsParts;
  readonly #pages: PageKnowledge;
  #sent = 0;
  #expected = 0;
  #firstTotal: number | undefined;
  #largestTotal = 0;
  /** What was read most often in vain. */
  #moving: { readonly span: Span; readonly passes: number } | undefined;
  /** The span that rows of responses with a total lie in. */
  readonly #seen = new Map<number, Span>();

  constructor(parts: RequestsParts) {
    this.#parts = parts;
    this.#pages = parts.pages;
  }

  /** Rows of a full page, as far as that is known. */
  get pageRows(): number {
    return this.#pages.mostRows || PAGE_ROWS;
  }

  /** The same for the state: 0 while no response was cut. */
  get knownPageRows(): number {
    return this.#pages.cutRows;
  }

  /** What the first response counted. */
  get firstTotal(): number | undefined {
    return this.#firstTotal;
  }

  /** A smaller total than this one is not capped. */
  get largestTotal(): number {
    return this.#largestTotal;
  }

  /** Sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Requests that may still be sent. */
  get left(): number {
    const pageRows = this.#pages.cutRows > 0 ? this.#pages.mostRows : PAGE_ROWS;
    return Math.ceil((MOST_TIMES * this.#expected) / pageRows + SPARE_REQUESTS) - this.#sent;
  }

  /** Readings of a crowded span did not agree: if requests run out, that is why. */
  noteMoving(span: Span, passes: number): void {
    if (passes > Math.max(1, this.#moving?.passes ?? 0)) this.#moving = { span, passes };
  }

  /** @param rows that are known to exist: what the API counted first, or more */
  expect(rows: number): void {
    this.#expected = Math.max(this.#expected, rows);
  }

  /**
   * @param from offset of the first row
   * @throws ConnectorError contract_broken for an answer without a usable total, or with a count that lastingly
   * contradicts its rows, and where no number of requests suffices
   */
  async ask(span: Span, from: number): Promise<Response> {
    const first = await this.#send(span, from);
    const response = this.#contradicts(first) ? await this.#settled(first) : first;
    this.#firstTotal ??= response.total;
    if (!this.#contradicts(response)) this.#learn(response);
    return response;
  }

  /** Whether one response held everything: offset 0, as many rows as total, fewer than a page. May send a request. */
  async isWhole({ span, from, starts, total }: Response): Promise<boolean> {
    if (from !== 0 || starts.length !== total) return false;
    if (total === 0 || total < this.#pages.mostRows || total <= this.#pages.vouchedRows) return true;
    return total > this.#pages.cutRows && (await this.#endsAt(span, total));
  }

  /**
   * A count and its rows contradict each other for good.
   * @throws ConnectorError contract_broken, unless that is accepted
   */
  mismatch(span: Span, total: number, rows: number): void {
    const text =
      total === rows
        ? `the API counts ${total} records in every span around ${spanText(span)}`
        : `the API counts ${total} records in ${spanText(span)} and gives ${rows}`;
    if (!this.#parts.acceptCountMismatch) throw contractBroken(text, "each time it was asked");
    if (!this.#pages.isLenient)
      this.#parts.warn(`${text}; from now on what it gives counts, as accept_count_mismatch says`);
    this.#pages.isLenient = true;
  }

  /** A total that is the same for every span, however short. @throws ConnectorError contract_broken, unless that is accepted */
  capped(span: Span, total: number): void {
    this.mismatch(span, total, total);
  }

  /** A wider span with the same total and a row that this one can't hold, where there was one: both counts may end there. */
  widerWithSameTotal({ span, starts, total }: Response): Span | undefined {
    const wider = this.#seen.get(total);
    if (wider === undefined || starts.length >= total) return undefined;
    return wider.start < span.start - 1 || wider.end > span.end + 1 ? wider : undefined;
  }

  async #send(span: Span, from: number): Promise<Response> {
    if (this.left <= 0) {
      if (this.#moving !== undefined) throw keepsMoving(this.#moving.span, this.#moving.passes);
      const what = `${this.#sent} requests were not enough to read ${this.#expected} records`;
      throw contractBroken(what, `it gave up in ${spanText(span)}`);
    }
    this.#sent += 1;
    // A second more, so that it never matters whether start and end are inclusive. 0 looks like no start at all.
    const start = Math.max(1, span.start - 1);
    const page = await this.#parts.fetch({ start, end: span.end, from, limit: PAGE_ROWS });
    const { starts, total } = page;
    if (total === undefined) throw contractBroken("exports.total is missing or no count", spanText(span));
    this.#pages.mostRows = Math.max(this.#pages.mostRows, starts.length);
    this.#largestTotal = Math.max(this.#largestTotal, total);
    noteSpan(this.#seen, total, secondsOf(starts));
    // Such a total is suspect also where no row shows that the wider span holds more.
    if (USUAL_CAPS.has(total)) noteSpan(this.#seen, total, [span.start, span.end - 1]);
    return { span, from, starts, total, rows: () => page.rows() };
  }

  #learn({ from, starts, total }: Response): void {
    if (from + starts.length < total) this.#pages.cutRows = Math.max(this.#pages.cutRows, starts.length);
  }

  /** More rows than the total, or fewer although a page has room for them. */
  #contradicts({ starts, total, from }: Response): boolean {
    const isShort = starts.length < total && starts.length < this.#pages.shortestRows;
    return from === 0 && (starts.length > total || isShort);
  }

  /** Asks again while a response contradicts itself in the same way. */
  async #settled(first: Response): Promise<Response> {
    if (first.starts.length < first.total && (await this.#hasRowsBehind(first))) return first;
    let response = first;
    for (let times = 1; times < CONTRADICTIONS && !this.#pages.isLenient; times += 1) {
      const again = await this.#send(response.span, 0);
      this.rereads += 1;
      const isOther = again.starts.length <= again.total && !isSame(response, again);
      if (isOther || !this.#contradicts(again)) return again;
      response = again;
    }
    const { span, starts, total } = response;
    this.mismatch(span, total, starts.length);
    return { ...response, total: starts.length };
  }

  /** Whether pages are just smaller than was known. */
  async #hasRowsBehind({ span, starts }: Response): Promise<boolean> {
    if (starts.length === 0 || this.#pages.isLenient) return false;
    const behind = await this.#send(span, starts.length);
    if (behind.starts.length > 0)
      this.#pages.shortestRows = Math.min(this.#pages.shortestRows, starts.length);
    this.#learn(behind);
    return behind.starts.length > 0;
  }

  /** Whether no row comes behind the first ones, which no page is known to exceed. */
  async #endsAt(span: Span, rows: number): Promise<boolean> {
    for (let tries = 0; tries < CONTRADICTIONS; tries += 1) {
      const { starts, total } = await this.#send(span, rows);
      if (tries > 0) this.rereads += 1;
      if (starts.length > 0 && total === starts.length && total <= rows) {
        throw contractBroken("exports.total is the number of rows in the response", spanText(span));
      }
      if (starts.length > 0) return false;
      if (total > rows) continue;
      this.#pages.vouchedRows = Math.max(this.#pages.vouchedRows, rows);
      return true;
    }
    return false;
  }
}

function isSame(a: Response, b: Response): boolean {
  return (
    a.total === b.total &&
    a.starts.length === b.starts.length &&
    a.starts.every((start, n) => start === b.starts[n])
  );
}

function secondsOf(starts: Page["starts"]): readonly number[] {
  return starts.flatMap((ms) => (ms === undefined ? [] : secondOf(ms)));
}

/** Widens the span that belongs to a total. */
function noteSpan(seen: Map<number, Span>, total: number, seconds: readonly number[]): void {
  if (seconds.length === 0) return;
  const { start, end } = seen.get(total) ?? { start: Number.POSITIVE_INFINITY, end: 0 };
  seen.set(total, {
    start: Math.min(start, ...seconds),
    end: Math.max(end, ...seconds.map((each) => each + 1)),
  });
}
