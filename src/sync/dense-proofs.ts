import { type KeyedRow, secondOf } from "./page.ts";

/** Passes in a row that have to agree where rows that can't be told apart fill more than a page. */
const AGREE = 3;

/** All pages of one reading of a span by offset. */
export interface Pass {
  readonly pages: readonly (readonly KeyedRow[])[];
  /** API field exports.total, of the last of them. */
  readonly total: number;
  /** Whether pages began before the end of the one before. */
  readonly overlaps: boolean;
  /** Whether the total stayed, and nothing came behind the last page; otherwise what was gathered proves nothing. */
  readonly settled: boolean;
}

/** Gathers rows in no order until as many different ones came as the API counts, twice over. */
export interface Gathering {
  add(pass: Pass): void;
  /** All rows, where that is proven. */
  proven(): readonly KeyedRow[] | undefined;
  /** API field exports.total, as it was last. */
  readonly total: number;
  /** Whether the last reading gathered as many rows as there are. */
  isComplete(): boolean;
  /** Where no pass added up, though each had the same total and the same number of rows. */
  contradiction(): { readonly total: number; readonly rows: readonly KeyedRow[] } | undefined;
}

/** Rows of the same content, as often as they came. */
type Bag = ReadonlyMap<string, readonly KeyedRow[]>;

/**
 * If two readings, one after the other, each gathered as many rows as the API counts, and both the same ones, then
 * those are the rows: one that stayed and was missed by both would have had a row in its place that was gone
 * before the second.
 */
export function createGathering(): Gathering {
  let gathered: Bag = new Map();
  let total = 0;
  /** The last complete reading. */
  let complete: Bag | undefined;
  let proven: Bag | undefined;
  let lastPass: Bag | undefined;
  /** Contents that filled a page. */
  const filled = new Set<string>();
  let agreeing = 1;
  /** Passes in a row that did not add up, in the same way. */
  let misfits = 0;
  let misfit: { readonly total: number; readonly rows: readonly KeyedRow[] } | undefined;

  function forget(): void {
    gathered = new Map();
    complete = undefined;
    lastPass = undefined;
    agreeing = 1;
  }

  /**
   * Rows that can't be told apart and fill more than a page come no more often in one response. What comes on two
   * pages without having filled one may have moved rather than being two rows.
   */
  function comparePass({ pages, overlaps }: Pass): void {
    if (overlaps) return;
    const bag = bagOf(pages.flat());
    agreeing = lastPass !== undefined && isSame(bag, lastPass) ? agreeing + 1 : 1;
    lastPass = bag;
    const fullPage = Math.max(...pages.map((page) => page.length));
    for (const page of pages) {
      const [content, ...others] = bagOf(page).keys();
      if (content !== undefined && others.length === 0 && page.length === fullPage) filled.add(content);
    }
    const most = pages.reduce<Bag>((union, page) => unite(union, bagOf(page)), new Map());
    const isSure = [...bag].every(
      ([content, rows]) => filled.has(content) || rows.length === most.get(content)?.length,
    );
    if (isSure && agreeing >= AGREE) proven = bag;
  }

  function discard({ pages, total: counted }: Pass): void {
    forget();
    const rows = pages.flat();
    const same = misfit?.total === counted && misfit.rows.length === rows.length && counted !== rows.length;
    misfits = same ? misfits + 1 : 1;
    misfit = { total: counted, rows };
    total = counted;
  }

  return {
    add(pass) {
      if (!pass.settled) return discard(pass);
      if (pass.total !== total) forget();
      total = pass.total;
      misfits = 0;
      gathered = pass.pages.reduce<Bag>((union, page) => unite(union, bagOf(page)), gathered);
      if (sizeOf(gathered) === total) {
        if (complete !== undefined && isSame(gathered, complete)) proven = gathered;
        complete = gathered;
        gathered = new Map();
      } else if (sizeOf(gathered) > total) forget();
      comparePass(pass);
    },
    proven: () => proven && [...proven.values()].flat(),
    get total() {
      return total;
    },
    isComplete: () => complete !== undefined,
    contradiction: () => (misfits >= AGREE ? misfit : undefined),
  };
}

function bagOf(rows: readonly KeyedRow[]): Bag {
  const bag = new Map<string, KeyedRow[]>();
  for (const row of rows) {
    const content = `${row.key} ${row.hash}`;
    const same = bag.get(content);
    if (same === undefined) bag.set(content, [row]);
    else same.push(row);
  }
  return bag;
}

/** Each content as often as in the bag that has it more often. */
function unite(a: Bag, b: Bag): Bag {
  const union = new Map(a);
  for (const [content, rows] of b)
    if (rows.length > (union.get(content)?.length ?? 0)) union.set(content, rows);
  return union;
}

function isSame(a: Bag, b: Bag): boolean {
  return a.size === b.size && [...a].every(([content, rows]) => b.get(content)?.length === rows.length);
}

function sizeOf(bag: Bag): number {
  let size = 0;
  for (const rows of bag.values()) size += rows.length;
  return size;
}

/** Different starts that an order has to show before it counts as one. */
const LEAST_STARTS = 8;
/** Steps within one second that it has to show before it counts as one by milliseconds, and not by whole seconds. */
const FINE_STEPS = 15;

/**
 * A pass over pages that are sorted by start. Each page proves that it holds all between its first and its last start,
 * wherever it lies in the list; where pages overlap, all of them prove the whole.
 */
export interface SortedPass {
  add(page: readonly KeyedRow[]): void;
  /** Rows that the next page has to begin before this one's end, to overlap with it; 0 where the pass proves nothing. */
  overlap(): number;
  /** All rows, once; undefined where the pass was not sorted. To be called after the last page. */
  proven(): readonly KeyedRow[] | undefined;
}

/** A pass without pages yet. */
export function createSortedPass(): SortedPass {
  let rows: readonly KeyedRow[] = [];
  let last: readonly KeyedRow[] = [];
  let direction = 0;
  let holds = true;
  let fineSteps = 0;
  /** Where pages meet, in the unit that the order is known to be in: what starts there is taken from the later page. */
  let edge = 0;
  let place = (ms: number) => ms;

  function check(page: readonly KeyedRow[]): void {
    for (const [n, { start = Number.NaN }] of page.entries()) {
      const before = page[n - 1]?.start;
      if (Number.isNaN(start)) holds = false;
      if (before === undefined || before === start) continue;
      const step = Math.sign(start - before);
      direction ||= step;
      if (step !== direction) holds = false;
      if (secondOf(start) === secondOf(before)) fineSteps += 1;
    }
  }

  const isBefore = ({ start = 0 }: KeyedRow) => (place(start) - edge) * direction < 0;

  return {
    add(page) {
      const [first] = page;
      if (first === undefined) return;
      check(page);
      if (last.length > 0 && holds) {
        if (direction === 0 || !isBefore(first)) holds = false;
        rows = [...rows.filter(isBefore), ...page.filter((row) => !isBefore(row))];
      } else rows = page;
      last = page;
    },
    overlap() {
      if (fineSteps < FINE_STEPS) place = secondOf;
      else place = (ms) => ms;
      edge = place(last.at(-1)?.start ?? 0);
      const back = last.filter((row) => !isBefore(row)).length + 1;
      if (back >= last.length) holds = false;
      return holds ? back : 0;
    },
    proven: () => (holds && new Set(rows.map(({ start }) => start)).size >= LEAST_STARTS ? rows : undefined),
  };
}
