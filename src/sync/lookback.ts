import {
  agree,
  countRows,
  type Fingerprint,
  FingerprintList,
  fingerprintsOf,
  inside,
  sumOf,
} from "./fingerprints.ts";
import { type KeyedRow, type Span, secondOf, startsIn } from "./page.ts";
import type { Requests } from "./requests.ts";
import type { WholeSpan } from "./whole-span.ts";
import { MARGIN, type Window } from "./window.ts";
import { createWrittenRecords, type NumberedRow } from "./written-records.ts";

/** Fingerprints kept while reading. */
const MOST_FINGERPRINTS = 700;

/** A row of a settled time, or of none, that is new or has changed. */
interface LateRow {
  readonly numbered: NumberedRow;
  /** Unix s; NaN for none. */
  readonly second: number;
  readonly isNew: boolean;
  /** What it adds to the fingerprint of its time. */
  readonly change: number;
}

/** Takes whole spans in ascending order: writes what is new or changed, and knows what came. */
export class Lookback {
  readonly #window: Window;
  readonly #requests: Pick<Requests, "hasStrays">;
  readonly #write: (rows: readonly NumberedRow[]) => Promise<void>;
  readonly #written = createWrittenRecords();
  /** What came, up to `#settledTo`; from there on what an earlier sync knew. */
  readonly #fingerprints: FingerprintList;
  /** Rows that started at or after `#settledTo`: they wait for the end of their fingerprint. */
  readonly #waiting = new Map<string, NumberedRow>();
  /** Unix s */
  #settledTo: number;
  #at: number;
  /** Different rows that came, without those that wait. */
  #came: number;

  /** @param write takes the rows that are to be written, those outside of the window's dates included */
  constructor(
    window: Window,
    requests: Pick<Requests, "hasStrays">,
    write: (rows: readonly NumberedRow[]) => Promise<void>,
  ) {
    this.#window = window;
    this.#requests = requests;
    this.#write = write;
    this.#fingerprints = new FingerprintList(window.fingerprints);
    this.#settledTo = window.from;
    this.#at = window.from;
    this.#came = window.counted.came;
  }

  /** What is known of the window, by time; ascending. */
  get fingerprints(): readonly Fingerprint[] {
    return this.#fingerprints.all;
  }

  /** What came, up to where it is settled. */
  get settled(): readonly Fingerprint[] {
    return this.fingerprints.filter(({ end }) => end <= this.#settledTo);
  }

  /** Different rows that came in this window. */
  get came(): number {
    return this.#came + this.#waiting.size;
  }

  /** Rows that came, without those that a later run takes again. */
  get cameBeforeResume(): number {
    return this.#came - countRows(inside(this.fingerprints, { start: this.resumeAt, end: this.#settledTo }));
  }

  /**
   * Unix s: where a later run goes on, at the beginning of a fingerprint, so that what came of it stays known. An API that
   * rounds up shows the last second only with the next span.
   */
  get resumeAt(): number {
    const { from, to } = this.#window;
    const place = Math.min(to, this.#settledTo, this.#requests.hasStrays ? this.#at - MARGIN : to) - 1;
    return Math.max(from, this.#fingerprints.at(place)?.start ?? 0);
  }

  async take({ span, rows }: Pick<WholeSpan, "span" | "rows">): Promise<void> {
    const all = this.#number(rows());
    const isAhead = ({ row }: NumberedRow) => secondOf(row.start) >= this.#settledTo;
    const ahead = all.filter(isAhead);
    for (const numbered of ahead) this.#waiting.set(numbered.id, numbered);
    const unknown = ahead.filter(({ row }) => this.#fingerprints.at(secondOf(row.start))?.sum === undefined);
    const fresh = unknown.filter((numbered) => this.#remember(numbered, true));
    const settled = all.filter((numbered) => !isAhead(numbered));
    // Each request shows the second before its span too. That of the window's first span was written by the run that read
    // up to here, or is too early to be wanted.
    const dealtWith = span.start === this.#window.from ? span.start - 1 : undefined;
    const isDue = ({ row }: NumberedRow) => secondOf(row.start) !== dealtWith;
    const late = settled.flatMap((numbered) => this.#late(numbered));
    const changed = late.map(({ numbered }) => numbered).filter(isDue);
    // An earlier sync may have numbered rows that share a key otherwise: one that has changed takes the others along.
    const keys = new Set(changed.map(({ row }) => row.key));
    const due = settled.filter((each) => keys.has(each.row.key) && this.#written.claim(each));
    await this.#write([...fresh, ...due]);
    // Not earlier: a state must not know of what is not written.
    for (const row of late) this.#noteLate(row);
    this.#at = Math.max(this.#at, span.end);
    // A filter on another time shows rows with a later span than their own.
    await this.#settle(this.#requests.hasStrays ? this.#at - MARGIN : this.#at, 1);
  }

  /** Everything up to the window's end has been taken. */
  async finish(): Promise<void> {
    await this.#settle(this.#window.to + MARGIN, 0);
    this.#came += this.#waiting.size;
    this.#waiting.clear();
  }

  /** Takes a settled span anew: what came of it is what comes now. */
  async retake(span: Span, pieces: AsyncIterable<WholeSpan>): Promise<void> {
    const came = new Map<string, KeyedRow>();
    for await (const piece of pieces) {
      await this.take(piece);
      for (const { id, row } of this.#number(piece.rows())) came.set(id, row);
    }
    for (const each of inside(this.settled, span)) {
      // An earlier run counted what it left no fingerprints of.
      if (each.sum === undefined) continue;
      const rows = [...came.values()].filter((row) => startsIn(each, row.start));
      this.#came += rows.length - each.rows;
      this.#note(each, rows);
    }
  }

  /** Whether a response holds just what came of a span. */
  holds(span: Span, piece: WholeSpan): boolean {
    const rows = piece.rows().filter((row) => startsIn(span, row.start));
    return agree(inside(this.settled, span), rows);
  }

  #number(rows: readonly KeyedRow[]): readonly NumberedRow[] {
    return this.#written.number(rows, !this.#requests.hasStrays);
  }

  #late(numbered: NumberedRow): readonly LateRow[] {
    const { start, hash } = numbered.row;
    const before = this.#written.remember(numbered, false);
    if (before === hash) return [];
    const isNew = before === undefined;
    return [{ numbered, second: secondOf(start), isNew, change: hash - (before ?? 0) }];
  }

  /** @returns whether the row is new, or not as it was */
  #remember(numbered: NumberedRow, isWritten: boolean): boolean {
    return this.#written.remember(numbered, isWritten) !== numbered.row.hash;
  }

  /** Makes fingerprints of a span, none across the dates of the window. */
  #note({ start, end }: Span, rows: readonly KeyedRow[]): void {
    const { startDate, to } = this.#window;
    const cuts = [start, startDate, to, end]
      .filter((cut) => cut >= start && cut <= end)
      .sort((a, b) => a - b);
    for (const [n, cut] of cuts.slice(1).entries()) {
      const span = { start: cuts[n] ?? start, end: cut };
      if (span.start < cut) this.#fingerprints.replace(fingerprintsOf(span, rows));
    }
  }

  #noteLate({ second, isNew, change }: LateRow): void {
    const { from, counted } = this.#window;
    const rows = isNew ? 1 : 0;
    // What started before reading began was counted by an earlier run, unless it belongs to no window.
    const isEarlier = second >= counted.from && second < from;
    if (!isEarlier) this.#came += rows;
    const found = second >= from ? this.#fingerprints.at(second) : undefined;
    if (found?.sum === undefined) return;
    this.#fingerprints.replace([{ ...found, rows: found.rows + rows, sum: sumOf([found.sum, change]) }]);
  }

  /**
   * Makes fingerprints of what has come, and writes what differs from those of the sync before.
   * @param end Unix s
   * @param slack s: an API that rounds up shows the last second only with the next span
   */
  async #settle(end: number, slack: 0 | 1): Promise<void> {
    while (this.#settledTo < end) {
      const next = this.#fingerprints.at(this.#settledTo);
      if (next === undefined || (next.sum !== undefined && next.end > end - slack)) return;
      const span = { start: this.#settledTo, end: Math.min(next.end, end) };
      const due = [...this.#waiting.values()].filter(({ row }) => startsIn(span, row.start));
      const rows = due.map(({ row }) => row);
      const isSame = agree([next], rows);
      // What was not known has been written when it came. What is not written is remembered too.
      const fresh = due.filter((numbered) => this.#remember(numbered, !isSame));
      if (!isSame) await this.#write(fresh);
      for (const { id } of due) this.#waiting.delete(id);
      if (!isSame) this.#note(span, rows);
      this.#came += rows.length;
      this.#settledTo = span.end;
      const { startDate, to } = this.#window;
      this.#fingerprints.trim(MOST_FINGERPRINTS, [startDate, to, this.#settledTo, this.resumeAt], to);
    }
  }
}
