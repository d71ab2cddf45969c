import { type KeyedRow, type Span, secondOf, startsIn } from "./page.ts";

/** The fingerprint of a span of time: what came of it, in a few bytes. */
export interface Fingerprint extends Span {
  /** Rows in it. */
  readonly rows: number;
  /** Sum of their content hashes modulo 2^32, whatever their order; undefined where the span has not been read. */
  readonly sum: number | undefined;
}

/** Rows in a new fingerprint: few, so that a changed one brings few neighbours along. */
const ROWS_A_FINGERPRINT = 20;
const MODULUS = 2 ** 32;

/** Sum of hashes, or of sums of them, modulo 2^32. @param hashes negative ones are taken away */
export function sumOf(hashes: readonly number[]): number {
  return hashes.reduce((sum, hash) => (((sum + (hash % MODULUS)) % MODULUS) + MODULUS) % MODULUS, 0);
}

/** Rows in all of them. */
export function countRows(list: readonly Fingerprint[]): number {
  return list.reduce((rows, each) => rows + each.rows, 0);
}

/** Those that lie in a span. */
export function inside(list: readonly Fingerprint[], span: Span): readonly Fingerprint[] {
  return list.filter(({ start, end }) => start >= span.start && end <= span.end);
}

/** The fingerprints of a span. @param rows all rows in it, and others, in any order */
export function fingerprintsOf(span: Span, rows: readonly KeyedRow[]): readonly Fingerprint[] {
  const made: Fingerprint[] = [];
  let from = span.start;
  let part: KeyedRow[] = [];
  const close = (to: number) => {
    made.push({ start: from, end: to, rows: part.length, sum: sumOfRows(part) });
    from = to;
    part = [];
  };
  const inSpan = rows.filter((row) => startsIn(span, row.start));
  for (const row of inSpan.sort((a, b) => secondOf(a.start) - secondOf(b.start))) {
    const last = secondOf(part.at(-1)?.start);
    if (part.length >= ROWS_A_FINGERPRINT && last < secondOf(row.start)) close(last + 1);
    part.push(row);
  }
  close(span.end);
  return made;
}

/** Whether fingerprints are of just these rows. */
export function agree(list: readonly Fingerprint[], rows: readonly KeyedRow[]): boolean {
  const sums = list.flatMap(({ sum }) => sum ?? []);
  return sums.length === list.length && countRows(list) === rows.length && sumOf(sums) === sumOfRows(rows);
}

function sumOfRows(rows: readonly KeyedRow[]): number {
  return sumOf(rows.map(({ hash }) => hash));
}

/**
 * Merges neighbours until there are few enough: old and empty ones first, since rows change soon after they began or not
 * at all.
 * @param most how many may be left; where the edges demand more, those remain
 * @param edges seconds across which nothing may be merged
 * @param now end of the window, Unix s, from which age counts
 */
export function compact(
  list: readonly Fingerprint[],
  most: number,
  edges: readonly number[],
  now: number,
): readonly Fingerprint[] {
  let merged = list;
  const fewest = edges.length + list.filter(({ sum }) => sum === undefined).length * 2 + 1;
  for (let allowed = 1; merged.length > Math.max(most, fewest); allowed *= 1.25) {
    const out: Fingerprint[] = [];
    for (const each of merged) {
      const last = out.at(-1);
      // What an hour has made old may be coarser.
      const room = allowed * Math.sqrt(1 + Math.max(0, now - each.end) / 3600);
      const fits = last !== undefined && last.rows + each.rows <= room && !edges.includes(each.start);
      const joined = fits ? merge(last, each) : undefined;
      if (joined !== undefined) out[out.length - 1] = joined;
      else out.push(each);
    }
    merged = out;
  }
  return merged;
}

function merge(a: Fingerprint, b: Fingerprint): Fingerprint | undefined {
  const merged = { start: a.start, end: b.end, rows: a.rows + b.rows };
  if (a.sum !== undefined && b.sum !== undefined) return { ...merged, sum: sumOf([a.sum, b.sum]) };
  return a.sum === b.sum ? { ...merged, sum: undefined } : undefined;
}

/** Ascending fingerprints without gaps. */
export class FingerprintList {
  #list: Fingerprint[];

  constructor(list: readonly Fingerprint[]) {
    this.#list = [...list];
  }

  get all(): readonly Fingerprint[] {
    return this.#list;
  }

  /** The one that holds a second. */
  at(second: number): Fingerprint | undefined {
    return this.#list[this.#indexOf(second)];
  }

  /** Puts fingerprints in the place of those of the same time; of one that goes on behind them, that part stays. */
  replace(made: readonly Fingerprint[]): void {
    const first = this.#indexOf(made[0]?.start ?? -1);
    const end = made.at(-1)?.end ?? 0;
    const last = this.#indexOf(end - 1);
    const across = this.#list[last];
    if (first < 0 || across === undefined) return;
    const rest = across.end > end ? [{ ...across, start: end }] : [];
    this.#list.splice(first, last - first + 1, ...made, ...rest);
  }

  /** Merges down to so many where there are twice as many. */
  trim(most: number, edges: readonly number[], now: number): void {
    if (this.#list.length > most * 2) this.#list = [...compact(this.#list, most, edges, now)];
  }

  /** -1 where none holds the second. */
  #indexOf(second: number): number {
    let low = 0;
    let high = this.#list.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#list[middle]?.start ?? 0) <= second) low = middle;
      else high = middle - 1;
    }
    const found = this.#list[low];
    return found !== undefined && found.start <= second && second < found.end ? low : -1;
  }
}
