/** The fingerprint of a span of time: what came of it, in a few bytes. Unix s, start inclusive, end exclusive. */
export interface Fingerprint {
  readonly start: number;
  readonly end: number;
  /** Rows in it. */
  readonly rows: number;
  /** Sum of their content hashes modulo 2^32, whatever their order; undefined where the span has not been read. */
  readonly sum: number | undefined;
}

/** A row as fingerprints see it: the second it started in (Unix s), and the hash of its content. */
export interface Mark {
  readonly second: number;
  readonly hash: number;
}

/** Rows in a fingerprint that the next sync looks at: few, so that a changed one brings few neighbours along. */
export const FINE = 20;
/** And in one that only says how many came. */
export const COARSE = 200;

/** A span that has not been read, as fingerprints: none where it is empty. */
export function unread(start: number, end: number): readonly Fingerprint[] {
  return start < end ? [{ start, end, rows: 0, sum: undefined }] : [];
}

const MODULUS = 2 ** 32;

/** Sum of hashes, or of sums of them, modulo 2^32. @param hashes negative ones are taken away */
export function sumOf(hashes: readonly number[]): number {
  return hashes.reduce((sum, hash) => (((sum + (hash % MODULUS)) % MODULUS) + MODULUS) % MODULUS, 0);
}

/**
 * The fingerprints of a span.
 * @param marks all rows in it, in any order
 * @param edges seconds inside the span at which a fingerprint has to end, ascending
 * @param size rows in one
 */
export function fingerprintsOf(
  start: number,
  end: number,
  marks: readonly Mark[],
  edges: readonly number[],
  size = FINE,
): readonly Fingerprint[] {
  const sorted = [...marks].sort((a, b) => a.second - b.second);
  const bounds = [...edges.filter((edge) => edge > start && edge < end), end];
  const made: Fingerprint[] = [];
  let from = start;
  let at = 0;
  for (const bound of bounds) {
    while (from < bound) {
      const first = at;
      const to = endOfOne(sorted, at, size, bound);
      while ((sorted[at]?.second ?? end) < to) at += 1;
      const part = sorted.slice(first, at);
      made.push({ start: from, end: to, rows: part.length, sum: sumOf(part.map(({ hash }) => hash)) });
      from = to;
    }
  }
  return made;
}

/** Where a fingerprint of some rows ends that begins with the one at `at`. */
function endOfOne(sorted: readonly Mark[], at: number, size: number, bound: number): number {
  const last = sorted[at + size - 1];
  const next = sorted[at + size];
  return last === undefined || next === undefined ? bound : Math.min(bound, last.second + 1);
}

/** The parts before and from a second; a fingerprint across it is only cut where it has not been read. */
export function splitAt(
  list: readonly Fingerprint[],
  at: number,
): readonly [readonly Fingerprint[], readonly Fingerprint[]] {
  const before: Fingerprint[] = [];
  const after: Fingerprint[] = [];
  for (const each of list) {
    if (each.end <= at) before.push(each);
    else if (each.start >= at) after.push(each);
    else {
      before.push(...unread(each.start, at));
      after.push(...unread(at, each.end));
    }
  }
  return [before, after];
}

/** Index of the fingerprint that holds a second; -1 where none does. @param list ascending */
function indexOfSecond(list: readonly Fingerprint[], second: number): number {
  let low = 0;
  let high = list.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((list[middle]?.start ?? 0) <= second) low = middle;
    else high = middle - 1;
  }
  const found = list[low];
  return found !== undefined && found.start <= second && second < found.end ? low : -1;
}

/** Rows in all of them. */
export function countRows(list: readonly Fingerprint[]): number {
  return list.reduce((rows, each) => rows + each.rows, 0);
}

/**
 * Merges neighbours until there are few enough: old and empty ones first, since rows change soon after they began
 * or not at all.
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
  const fixed = new Set(edges);
  const fewest = fixed.size + list.filter(({ sum }) => sum === undefined).length * 2 + 1;
  for (let allowed = 1; merged.length > Math.max(most, fewest); allowed *= 1.25) {
    merged = mergeWithin(merged, allowed, fixed, now);
  }
  return merged;
}

/**
 * What a cursor keeps of fingerprints: up to the last that is known, with what they leave out as unread, merged until
 * there are few enough. It takes what `compact` takes.
 */
export function worthKeeping(
  list: readonly Fingerprint[],
  most: number,
  edges: readonly number[],
  now: number,
): readonly Fingerprint[] {
  const last = list.findLastIndex(({ sum }) => sum !== undefined);
  const known = list.slice(0, last + 1);
  const all = known.flatMap((each, at) => [...unread(known[at - 1]?.end ?? each.start, each.start), each]);
  return compact(all, most, edges, now);
}

function mergeWithin(
  list: readonly Fingerprint[],
  allowed: number,
  fixed: ReadonlySet<number>,
  now: number,
): readonly Fingerprint[] {
  const out: Fingerprint[] = [];
  for (const each of list) {
    const last = out.at(-1);
    const join =
      last !== undefined && !fixed.has(each.start) && (last.sum === undefined) === (each.sum === undefined);
    if (join && last.rows + each.rows <= allowed * weight(now - each.end))
      out[out.length - 1] = merge(last, each);
    else out.push(each);
  }
  return out;
}

/** How many rows a fingerprint may hold at an age, as a multiple of what a new one may. */
function weight(ageSeconds: number): number {
  return Math.sqrt(1 + Math.max(0, ageSeconds) / 3600);
}

function merge(a: Fingerprint, b: Fingerprint): Fingerprint {
  const sum = a.sum === undefined || b.sum === undefined ? undefined : sumOf([a.sum, b.sum]);
  return { start: a.start, end: b.end, rows: a.rows + b.rows, sum };
}

/** Ascending fingerprints of what came, to which rows are added while more is read. */
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
    return this.#list[indexOfSecond(this.#list, second)];
  }

  /** @param made fingerprints of the time behind all others */
  push(made: readonly Fingerprint[]): void {
    this.#list.push(...made);
  }

  /** Puts fingerprints in the place of those of the same time. */
  replace(made: readonly Fingerprint[]): void {
    const first = indexOfSecond(this.#list, made[0]?.start ?? -1);
    const last = indexOfSecond(this.#list, (made.at(-1)?.end ?? 0) - 1);
    if (first >= 0 && last >= first) this.#list.splice(first, last - first + 1, ...made);
  }

  /** Merges down to so many where there are twice as many. */
  trim(most: number, edges: readonly number[], now: number): void {
    if (this.#list.length > most * 2) this.#list = [...compact(this.#list, most, edges, now)];
  }

  /** Adds to the fingerprint of a second. @returns whether there is one */
  add(second: number, rows: number, hash: number): boolean {
    const found = this.at(second);
    if (found === undefined) return false;
    const sum = found.sum === undefined ? undefined : sumOf([found.sum, hash]);
    this.replace([{ ...found, rows: found.rows + rows, sum }]);
    return true;
  }
}
