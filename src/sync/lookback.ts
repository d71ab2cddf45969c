import {
  COARSE,
  countRows,
  FINE,
  type Fingerprint,
  FingerprintList,
  fingerprintsOf,
  type Mark,
  splitAt,
  sumOf,
} from "./fingerprints.ts";
import { type Span, secondOfRow, type WholeSpan } from "./page.ts";
import { MARGIN, type Window } from "./window.ts";
import { createWrittenRecords, type NumberedRow } from "./written-records.ts";

/** Rows that wait for the end of their fingerprint; beyond that they are written without being compared. */
const MOST_WAITING = 20_000;
/** Fingerprints kept while reading. */
const MOST_FINGERPRINTS = 8192;

/** A row of a settled time, or of none. */
interface LateMark {
  readonly second: number | undefined;
  readonly isNew: boolean;
  /** What it adds to the fingerprint of its time. */
  readonly change: number;
}

/** Takes whole spans in ascending order: writes what is new or changed, and knows what came. */
export class Lookback {
  readonly #window: Window;
  readonly #write: (rows: readonly NumberedRow[]) => Promise<void>;
  readonly #written = createWrittenRecords();
  readonly #done: FingerprintList;
  #todo: readonly Fingerprint[];
  /** Rows that started at or after `#settled`. */
  readonly #waiting = new Map<string, NumberedRow>();
  #settled: number;
  #resumeAt: number;
  #at: number;
  #strays: boolean;
  /** Rows that lie in no fingerprint. */
  #unplaced: number;
  /** What is to be noted of settled times once the rows are written: a state must not know of them before. */
  #late: LateMark[] = [];

  /** @param write takes the rows that are to be written, those outside of the window's dates included */
  constructor(window: Window, write: (rows: readonly NumberedRow[]) => Promise<void>) {
    this.#window = window;
    this.#write = write;
    this.#done = new FingerprintList(window.done);
    this.#todo = window.todo;
    this.#settled = window.from;
    this.#resumeAt = window.from;
    this.#at = window.from;
    this.#strays = window.strays;
    this.#unplaced = Math.max(0, window.counted.came - this.#counted([...window.done, ...window.todo]));
  }

  /** What came, by time; ascending, up to where it is settled. */
  get done(): readonly Fingerprint[] {
    return this.#done.all;
  }

  /** What is known of the time after that from an earlier sync. */
  get todo(): readonly Fingerprint[] {
    return splitAt(this.#todo, this.#settled)[1];
  }

  /** Whether rows came that started outside of what was asked for: the API filters by another time. */
  get strays(): boolean {
    return this.#strays;
  }

  /** Different rows that came in this window. */
  get came(): number {
    return this.#unplaced + this.#counted(this.done) + this.#waiting.size;
  }

  /** Those of them that a later run need not take again. */
  get settledCame(): number {
    return this.#unplaced + this.#counted(splitAt(this.done, this.#window.to)[0]);
  }

  /**
   * Unix s: where a later run goes on. A filter on another time shows rows with an earlier span than their own: with
   * one the place is a margin earlier.
   */
  get resumeAt(): number {
    const settled = this.#resumeAt;
    const place = this.#strays ? Math.min(settled, this.#at - 1 - MARGIN) : settled;
    if (place <= this.#window.from) return this.#window.from;
    return this.#done.at(place)?.start ?? place;
  }

  async take(piece: WholeSpan): Promise<void> {
    const fresh: NumberedRow[] = [];
    for (const numbered of this.#written.number(piece.rows())) {
      if (this.#place(numbered, piece.span)) fresh.push(numbered);
    }
    await this.#write(fresh);
    this.#noteLate();
    this.#at = Math.max(this.#at, piece.span.end);
    await this.#settle(this.#strays ? this.#at - MARGIN : this.#at, 1);
  }

  /** Everything up to the window's end has been taken. */
  async finish(): Promise<void> {
    await this.#settle(this.#window.to + MARGIN, 0);
    this.#unplaced += this.#waiting.size;
    this.#waiting.clear();
  }

  /** Takes a span that was taken before anew: what came of it is what comes now. */
  async retake(span: Span, pieces: AsyncIterable<WholeSpan>): Promise<void> {
    const marks = new Map<string, Mark>();
    for await (const piece of pieces) {
      const fresh: NumberedRow[] = [];
      for (const numbered of this.#written.number(piece.rows())) {
        const second = secondOfRow(numbered.row);
        if (second === undefined || second < span.start || second >= span.end) {
          if (this.#place(numbered, piece.span)) fresh.push(numbered);
          continue;
        }
        marks.set(numbered.id, { second, hash: numbered.row.hash });
        if (this.#written.meet(numbered).kind !== "same") fresh.push(numbered);
      }
      await this.#write(fresh);
      this.#noteLate();
    }
    this.#done.replace(this.#fingerprints(span.start, span.end, [...marks.values()]));
  }

  /** Whether a response holds just what came of a span. */
  holds(span: Span, piece: WholeSpan): boolean {
    const known = splitAt(splitAt(this.done, span.start)[1], span.end)[0];
    const inSpan = (second: number | undefined) =>
      second !== undefined && second >= span.start && second < span.end;
    const rows = piece.rows().filter((row) => inSpan(secondOfRow(row)));
    const sums = known.flatMap(({ sum }) => sum ?? []);
    const held = sums.length === known.length && countRows(known) === rows.length;
    return held && sumOf(sums) === sumOf(rows.map(({ hash }) => hash));
  }

  #fingerprints(start: number, end: number, marks: readonly Mark[], edge = end): readonly Fingerprint[] {
    const edges = [this.#window.startDate, this.#window.to, edge].sort((a, b) => a - b);
    return fingerprintsOf(start, end, marks, edges, end > this.#window.remember ? FINE : COARSE);
  }

  /** Finds a row's place. @returns whether it is to be written now */
  #place(numbered: NumberedRow, asked: Span): boolean {
    const second = secondOfRow(numbered.row);
    if (second !== undefined && (second < asked.start - 1 || second > asked.end)) this.#strays = true;
    if (second !== undefined && second >= this.#settled) {
      this.#waiting.set(numbered.id, numbered);
      return this.#isUnread(second) && this.#written.meet(numbered).kind !== "same";
    }
    const meeting = this.#written.meet(numbered);
    if (meeting.kind === "same") return false;
    const before = meeting.kind === "changed" ? meeting.before : 0;
    const isNew = meeting.kind === "new";
    this.#late.push({ second, isNew, change: sumOf([numbered.row.hash, -before]) });
    // The second before the begin was dealt with by whoever read up to here, or starts before all that is wanted.
    return second === undefined || second !== this.#window.from - 1 || asked.start !== this.#window.from;
  }

  #noteLate(): void {
    const { from, counted } = this.#window;
    for (const { second, isNew, change } of this.#late) {
      const rows = isNew ? 1 : 0;
      // What started before reading began was counted by an earlier run, unless it belongs to no window.
      const isEarlier = second !== undefined && second < from;
      if (isEarlier) this.#unplaced += second < counted.from ? rows : 0;
      else if (second === undefined || !this.#done.add(second, rows, change)) this.#unplaced += rows;
    }
    this.#late = [];
  }

  #isUnread(second: number): boolean {
    return new FingerprintList(this.#todo).at(second)?.sum === undefined;
  }

  /**
   * Makes fingerprints of what has come, and writes what differs from those of the sync before.
   * @param end Unix s
   * @param slack s: an API that rounds up shows the last second only with the next span
   */
  async #settle(end: number, slack: 0 | 1): Promise<void> {
    for (let next = this.#todo[0]; next !== undefined; next = this.#todo[0]) {
      if (next.sum !== undefined && this.#waiting.size > MOST_WAITING) await this.#giveUpComparing(next);
      else if (next.sum !== undefined) {
        if (next.end > end - slack) return;
        await this.#compare(next);
      } else {
        const reached = Math.min(next.end, end);
        if (reached <= this.#settled) return;
        const rows = this.#takeWaiting(reached);
        this.#done.push(this.#fingerprints(this.#settled, reached, rows.map(markOf), reached - slack));
        this.#advance(reached, reached - slack);
      }
    }
  }

  async #compare(known: Fingerprint): Promise<void> {
    const rows = this.#takeWaiting(known.end);
    const marks = rows.map(markOf);
    const changed = known.rows !== rows.length || known.sum !== sumOf(marks.map(({ hash }) => hash));
    const fresh = rows.filter((numbered) => this.#written.meet(numbered).kind !== "same");
    if (changed) await this.#write(fresh);
    this.#done.push(changed ? this.#fingerprints(known.start, known.end, marks) : [known]);
    this.#advance(known.end, known.end);
  }

  /** Too many rows to wait: they are written as if nothing were known of them. */
  async #giveUpComparing(known: Fingerprint): Promise<void> {
    this.#todo = [{ ...known, sum: undefined }, ...this.#todo.slice(1)];
    const rows = [...this.#waiting.values()].filter(({ row }) => (secondOfRow(row) ?? 0) < known.end);
    await this.#write(rows.filter((numbered) => this.#written.meet(numbered).kind !== "same"));
  }

  #takeWaiting(end: number): readonly NumberedRow[] {
    const rows = [...this.#waiting.values()].filter(({ row }) => (secondOfRow(row) ?? 0) < end);
    for (const { id } of rows) this.#waiting.delete(id);
    return rows;
  }

  #advance(settled: number, resumeAt: number): void {
    this.#settled = settled;
    this.#resumeAt = Math.max(this.#resumeAt, resumeAt);
    this.#todo = splitAt(this.#todo, settled)[1];
    const { startDate, to, counted } = this.#window;
    this.#done.trim(MOST_FINGERPRINTS, [startDate, to, counted.from, this.#resumeAt], to);
  }

  /** Rows in those fingerprints that belong to what was counted. */
  #counted(list: readonly Fingerprint[]): number {
    const { from } = this.#window.counted;
    let rows = 0;
    for (const each of list) if (each.start >= from) rows += each.rows;
    return rows;
  }
}

function markOf({ row }: NumberedRow): Mark {
  return { second: secondOfRow(row) ?? 0, hash: row.hash };
}
