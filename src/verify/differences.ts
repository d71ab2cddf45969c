import type { KnownRows } from "../sync/locate.ts";
import { isOutside, type OutputRecord, type Span, startsIn } from "../sync/page.ts";
import type { PartitionParts } from "../sync/read-partition.ts";
import { type Requests, USUAL_CAPS } from "../sync/requests.ts";
import type { WholeSpan } from "../sync/whole-span.ts";
import { createWrittenRecords } from "../sync/written-records.ts";
import type { HeldRows } from "./held-rows.ts";

/** Share of a page below which a span is not cut any more: what the API has more than that is missing anyway. */
const FEW_OF_A_PAGE = 0.6;

/** What finding differences takes. */
export interface DifferencesParts {
  readonly held: HeldRows;
  readonly requests: Requests;
  readonly record: PartitionParts["record"];
  /** What the copy should have: sessions that started in it. */
  readonly window: Span;
  /** Takes the missing ones as JSON. */
  readonly onMissing: (json: readonly string[]) => Promise<void>;
}

/** Holds a copy's rows against the API's, and collects what differs. Nothing is told that no whole answer has shown. */
export class Differences implements KnownRows {
  /** Sessions that the API has and the copy has not: key, and start (Unix ms; undefined where it can't be read). */
  readonly missing = new Map<string, number | undefined>();
  /** Sessions that the copy has and the API has not: key, and start (Unix ms). */
  readonly gone = new Map<string, number>();
  /** All that came: 52 bits of each key. */
  readonly came = new Set<number>();
  /** Keys of sessions that came and started outside of the window. */
  readonly outside = new Set<string>();
  /** Whether an answer had sessions that started outside of what was asked for. */
  hasStrays = false;
  readonly #parts: DifferencesParts;
  readonly #written = createWrittenRecords();
  /** Keys of sessions that came with another span than that of their start. */
  readonly #elsewhere = new Set<string>();

  constructor(parts: DifferencesParts) {
    this.#parts = parts;
  }

  async accountsFor(span: Span, total: number): Promise<boolean> {
    if (total !== (await this.#parts.held.count(this.#within(span)))) return false;
    if (!USUAL_CAPS.has(total)) return true;
    // Many stores end a count there, and may have more rows.
    return (await this.#parts.requests.ask(span, total)).starts.length === 0;
  }

  async middle(span: Span): Promise<number | undefined> {
    const { held, requests } = this.#parts;
    const inside = this.#within(span);
    const rows = await held.count(inside);
    if (rows < FEW_OF_A_PAGE * requests.pageRows) return undefined;
    return held.quietSecond(inside, rows / 2);
  }

  async compare(span: Span, response: WholeSpan): Promise<boolean> {
    const hasAll = !response.starts.some((ms) => isOutside(span, ms));
    const records = this.#written
      .number(response.rows(), hasAll)
      .map(({ row, number }) => this.#parts.record(row, number));
    const held = await this.#parts.held.starts(this.#within(span));
    const missing = await this.#noteMissing(records.filter(({ key }) => !held.has(key)));
    const came = new Set(records.map(({ key }) => key));
    const gone = [...held].filter(([key]) => !came.has(key) && !this.#elsewhere.has(key));
    for (const record of records) this.#notePlace(span, record);
    for (const [key, start] of gone) this.gone.set(key, start);
    return missing + gone.length === 0;
  }

  async take(_span: Span, pieces: AsyncIterable<WholeSpan>): Promise<void> {
    for await (const piece of pieces) await this.compare(piece.span, piece);
  }

  async takeAround(response: WholeSpan): Promise<void> {
    await this.compare(response.span, response);
  }

  async #noteMissing(records: readonly OutputRecord[]): Promise<number> {
    const known = await this.#parts.held.known(records);
    const { start: from, end: to } = this.#parts.window;
    const fresh: string[] = [];
    for (const { key, start, json } of records) {
      const isWanted = start === undefined || (start >= from * 1000 && start < to * 1000);
      if (!isWanted) this.outside.add(key);
      if (!isWanted || known.has(key) || this.missing.has(key)) continue;
      this.missing.set(key, start);
      fresh.push(json);
    }
    if (fresh.length > 0) await this.#parts.onMissing(fresh);
    return fresh.length;
  }

  /** A session that is shown is not gone, whatever an answer for the time of its start says. */
  #notePlace(asked: Span, { key, start }: OutputRecord): void {
    this.gone.delete(key);
    this.came.add(Number.parseInt(key.slice(0, 13), 16));
    if (startsIn(asked, start)) return;
    this.#elsewhere.add(key);
    if (isOutside(asked, start)) this.hasStrays = true;
  }

  #within({ start, end }: Span): Span {
    const { window } = this.#parts;
    return { start: Math.max(start, window.start), end: Math.min(end, window.end) };
  }
}
