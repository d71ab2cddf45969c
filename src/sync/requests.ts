import type { ConnectorError } from "../errors.ts";
import { type FetchPage, isOutside, type Page, type Span, secondOf } from "./page.ts";
import { contractBroken, keepsMoving, spanText, withoutEnd } from "./problems.ts";

/** Rows asked for at a time (API parameter limit: 100 at the most). */
export const PAGE_ROWS = 100;
/** A run sends at most so many times the requests that its rows need, and SPARE_REQUESTS. */
const MOST_TIMES = 4;
/** Requests that a run may send beside those of MOST_TIMES. */
const SPARE_REQUESTS = 200;

/** How often an answer is asked for whose count contradicts its rows: it may be late, or of a replica that is behind. */
const CONTRADICTIONS = 3;
/** Where stores like to end a count. */
export const USUAL_CAPS = new Set([500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000]);

/** One response, with what was asked for. */
export interface Response extends Page {
  /** The span that it is to be judged for; the API was asked for a second more before it. */
  readonly span: Span;
  /** Offset of its first row. */
  readonly offset: number;
  readonly total: number;
}

/** A span, and what the API counted in it. */
type SpanTotal = Span & Pick<Response, "total">;

/** What is known of the API's pages; the same for all partitions of a stream. */
export class PageKnowledge {
  /** Most rows of a response that was cut; 0 while none was. */
  cutRows = 0;
  /** Most rows of a response that is known to have been whole although it may have filled a page. */
  wholeRows = 0;
  /** Whether a count that does not fit its rows was accepted before. */
  isLenient = false;
}

/** What requests are made with. */
interface RequestsParts {
  readonly fetch: FetchPage;
  readonly pages: PageKnowledge;
  readonly acceptCountMismatch: boolean;
  readonly warn: (text: string) => void;
  /** Is called once, when the first rows have come that started outside of what was asked for. */
  readonly onStrays?: () => void;
}

/** Asks for the pages of one partition, and knows what an answer that holds everything looks like. */
export class Requests {
  /** Answers that were asked for again because they did not agree; see Receipt. */
  rereads = 0;
  /** Whether rows came that started outside of what was asked for: the API filters by another time. */
  hasStrays = false;
  /** Whether the API is known to look at start and end. */
  isHonoured = false;
  readonly #parts: RequestsParts;
  readonly #pages: PageKnowledge;
  #sent = 0;
  #expected = 0;
  /** The first response of the window, and the last one. */
  #first: SpanTotal | undefined;
  #last: SpanTotal | undefined;
  /** A span that came otherwise when it was asked for again. */
  #moved: Span | undefined;
  /** The largest total, and the seconds that its rows lie in (for a round one: that were asked for). It may be a cap. */
  #largest = { total: 0, start: 0, end: 0 };

  constructor(parts: RequestsParts) {
    this.#parts = parts;
    this.#pages = parts.pages;
  }

  /** Rows of a full page, as far as that is known. */
  get pageRows(): number {
    return Math.max(this.#pages.cutRows, this.#pages.wholeRows) || PAGE_ROWS;
  }

  /** A smaller total than this one is not capped. */
  get largestTotal(): number {
    return this.#largest.total;
  }

  /** What the first response of the window counted. */
  get firstTotal(): number | undefined {
    return this.#first?.total;
  }

  /** Sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** A span came otherwise when it was asked for again: if requests run out, that is why. */
  noteMoved(span: Span): void {
    this.#moved = span;
  }

  /** Another window begins. @param hasStrays whether an earlier run saw any */
  beginWindow(hasStrays: boolean): void {
    this.#first = undefined;
    this.hasStrays ||= hasStrays;
  }

  /** @param rows that are known to exist: what the API counted first, or more */
  expect(rows: number): void {
    this.#expected = Math.max(this.#expected, rows);
  }

  /**
   * Asks for a page. A first one whose count contradicts its rows is asked for three times. If the contradiction lasts, the
   * rows count where that is accepted (accept_count_mismatch); otherwise it ends the sync.
   * @param offset of the first row
   * @throws ConnectorError contract_broken for an answer without a usable total, and where no number of requests suffices
   */
  async ask(span: Span, offset: number, limit = PAGE_ROWS): Promise<Response> {
    const response = await this.#send(span, offset, limit);
    if (limit < PAGE_ROWS || !this.#contradicts(response)) return response;
    const { starts, total } = response;
    const accepted = { ...response, total: starts.length };
    if (this.#pages.isLenient) return accepted;
    for (let times = 1; times < CONTRADICTIONS; times += 1) {
      this.rereads += 1;
      const again = await this.#send(span, offset, limit);
      if (!this.#contradicts(again) || !isSame(response, again)) return again;
    }
    const isCut = starts.length < total && (await this.#send(span, starts.length, limit)).starts.length > 0;
    if (isCut) return response;
    this.acceptMismatch(`the API counts ${total} records in ${spanText(span)} and gives ${starts.length}`);
    return accepted;
  }

  async #send(span: Span, offset: number, limit: number): Promise<Response> {
    // The last one is kept for givenUp, which may have to count once more.
    if (this.#sent + 1 >= Math.floor((MOST_TIMES * this.#expected) / this.pageRows) + SPARE_REQUESTS) {
      const what = `${this.#sent} requests were not enough to read ${this.#expected} records`;
      throw await this.givenUp(span, what);
    }
    return this.#get(span, offset, limit);
  }

  /**
   * Why reading does not get on: the set moves, or reading it takes too much. May send a request.
   * @param what was tried in the latter case, as a part of a sentence
   */
  async givenUp(span: Span, what: string): Promise<ConnectorError> {
    const first = this.#first;
    if (this.#moved === undefined && first !== undefined) await this.#get(first, 0, PAGE_ROWS);
    if (this.#moved !== undefined) return keepsMoving(this.#moved);
    return withoutEnd(what, span);
  }

  async #get(span: Span, offset: number, limit: number): Promise<Response> {
    this.#sent += 1;
    // A second more, so that it never matters whether start and end are inclusive. 0 looks like no start at all.
    const start = Math.max(1, span.start - 1);
    const page = await this.#parts.fetch({ start, end: span.end, from: offset, limit });
    const { starts, total } = page;
    if (total === undefined) throw contractBroken("exports.total is missing or no count", spanText(span));
    const response = { span, offset, starts, total, rows: () => page.rows() };
    this.#learn(response);
    return response;
  }

  #learn({ span, offset, starts, total }: Response): void {
    if (!this.hasStrays && starts.some((ms) => isOutside(span, ms))) {
      this.hasStrays = true;
      this.#parts.onStrays?.();
    }
    const before = [this.#last, this.#first].find(
      (each) => each?.start === span.start && each.end === span.end,
    );
    if (before !== undefined && before.total !== total) this.noteMoved(span);
    this.#last = { ...span, total };
    this.#first ??= this.#last;
    if (offset + starts.length < total) this.#pages.cutRows = Math.max(this.#pages.cutRows, starts.length);
    if (total > this.#largest.total) this.#largest = { total, start: Number.POSITIVE_INFINITY, end: 0 };
    if (total < this.#largest.total) return;
    const seconds = starts.map(secondOf).filter((second) => !Number.isNaN(second));
    if (USUAL_CAPS.has(total)) seconds.push(span.start, span.end - 1);
    const start = Math.min(this.#largest.start, ...seconds);
    this.#largest = { total, start, end: Math.max(this.#largest.end, ...seconds.map((each) => each + 1)) };
  }

  /** Whether there are more rows than the total, or fewer although a page has room for them. */
  #contradicts({ offset, starts, total }: Response): boolean {
    return (
      offset === 0 && (starts.length > total || (starts.length < total && starts.length < this.pageRows))
    );
  }

  /** Whether one response held everything: offset 0, as many rows as total, fewer than a page. May send a request. */
  async isWhole({ span, offset, starts, total }: Response): Promise<boolean> {
    if (offset !== 0 || starts.length !== total) return false;
    if (total < this.#pages.cutRows || total <= this.#pages.wholeRows) return true;
    return total > this.#pages.cutRows && (await this.#endsAt(span, total));
  }

  /** Whether no row comes behind the first ones, which no page is known to exceed. */
  async #endsAt(span: Span, rows: number): Promise<boolean> {
    const { starts, total } = await this.ask(span, rows);
    if (starts.length > 0 && total === starts.length && total <= rows) {
      throw contractBroken("exports.total is the number of rows in the response", spanText(span));
    }
    if (starts.length > 0 || total > rows) return false;
    this.#pages.wholeRows = rows;
    return true;
  }

  /** A wider span with the same total and a row that this one can't hold, if there was one: the total may be a cap. */
  wider({ span, starts, total }: Response): Span | undefined {
    const { start, end } = this.#largest;
    const isCut = starts.length < total && total === this.#largest.total;
    return isCut && (start < span.start - 1 || end > span.end + 1) ? { start, end } : undefined;
  }

  /**
   * From now on rows count where a count contradicts them, for it does so for good.
   * @throws ConnectorError contract_broken, unless that is accepted
   */
  acceptMismatch(text: string): void {
    if (!this.#parts.acceptCountMismatch) throw contractBroken(text, "each time it was asked");
    if (!this.#pages.isLenient)
      this.#parts.warn(`${text}; from now on what it gives counts, as accept_count_mismatch says`);
    this.#pages.isLenient = true;
  }
}

function isSame(a: Response, b: Response): boolean {
  return a.total === b.total && [...a.starts].sort().join() === [...b.starts].sort().join();
}
