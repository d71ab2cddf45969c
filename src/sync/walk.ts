import type { Page, PageQuery } from "../browsee/page.ts";
import { type Census, createCensus } from "./census.ts";
import type { RowReader, Sighting } from "./row-reader.ts";
import { seamHolds } from "./seam.ts";
import type { Slice, SliceProgress } from "./slice.ts";

/** Rows asked for at a time (API parameter limit: 100 at the most). */
export const PAGE_ROWS = 100;

/** One page of the set that a stream reads. */
export type FetchPage = (query: PageQuery) => Promise<Page>;

/** The pass may have missed rows. */
export interface Torn {
  readonly kind: "torn";
  /** What the API counted; undefined where it gave no usable count. */
  readonly total: number | undefined;
  /** Whether the set moved, or the API's count does not fit its rows. */
  readonly fault: "moved" | "count";
  readonly why: string;
}

/**
 * How a pass over a slice ended:
 * - clean: every row that was there from the first page to the last has been seen
 * - too-large: more rows than accepted; nothing was seen
 * - torn: not clean, so the slice has to be read again in smaller ones
 */
export type Outcome = { readonly kind: "clean" | "too-large"; readonly total: number } | Torn;

/** A pass over one slice. */
export interface Pass {
  readonly slice: Slice;
  readonly fetch: FetchPage;
  readonly identify: RowReader["identify"];
  /** More rows than this, in more than one page, are not read. */
  readonly accept: number;
  /** Where an earlier run stopped inside this slice. */
  readonly resume?: SliceProgress;
  /**
   * Takes the rows that a page adds, in the API's order, also those outside the slice.
   * @param progress where the pass stands behind them
   * @param resumable whether a later run may go on there
   * @param unmet whether no two of all rows that this pass has met by now have the same identity
   */
  readonly visit: (
    rows: readonly Sighting[],
    progress: SliceProgress,
    resumable: boolean,
    unmet: boolean,
  ) => Promise<void>;
  /** Counts an identity in a second by a read of its own; absent inside such a read. */
  readonly recount?: (
    second: number,
    how: "whole" | "if-few",
  ) => Promise<ReadonlyMap<string, number> | undefined>;
}

/**
 * Walks the pages of a slice. Every page starts at the last row of the one before: while that row stays where it
 * was, no row can have slipped past. The next page is asked for before the last one is visited.
 */
export async function walk(pass: Pass): Promise<Outcome> {
  const census = createCensus(pass.resume);
  let progress = pass.resume;
  let clamp = PAGE_ROWS;
  let pending = fetchFrom(pass, progress);
  for (;;) {
    const page = await pending;
    const step = inspect(pass, page, progress);
    if (step.kind !== "on") return step;
    const { sightings, next } = step;
    const done = next.offset === next.total;
    if (!done) clamp = page.rows.length;
    // A last page that is as full as a page can be may hide rows that the total does not count.
    const last = done && page.rows.length < clamp;
    if (!last && done && sightings.length === 0) return finish(pass, census, next);
    if (!last) pending = fetchFrom(pass, next);
    const taken = take(pass, census, step);
    if (last) return taken.then((at) => finish(pass, census, at));
    // If taking fails, the page under way must not fail unheard.
    pending.catch(() => undefined);
    progress = await taken;
  }
}

/** Hands on what a page adds. @returns where the pass stands behind it */
async function take(pass: Pass, census: Census, { sightings, next }: Step): Promise<SliceProgress> {
  const doubtful = census.doubts.length;
  const fresh = census.admit(sightings);
  const progress = { ...next, twins: census.count(next.last) };
  await pass.visit(fresh, progress, census.doubts.length === 0, census.unmet);
  // Until it is known what they are, no later run can go on behind them.
  if (census.doubts.length > doubtful && (await areSessions(pass, census, "if-few"))) {
    await pass.visit(census.takeDoubts(), progress, true, false);
  }
  return progress;
}

type Step = { readonly kind: "on"; readonly sightings: readonly Sighting[]; readonly next: SliceProgress };

/** What a page tells: the rows it adds and where the pass stands after it, or how the pass ends here. */
function inspect(pass: Pass, page: Page, progress: SliceProgress | undefined): Step | Outcome {
  const { rows, total } = page;
  if (total === undefined) return torn(total, "count", "exports.total is missing or no count");
  const refusable = pass.slice.end - pass.slice.start > 1 || pass.recount === undefined;
  if (progress === undefined && total > pass.accept && total > rows.length && refusable) {
    return { kind: "too-large", total };
  }
  if (progress !== undefined && progress.total !== total) {
    return torn(total, "moved", `the API counted ${progress.total} sessions, then ${total}`);
  }
  const sightings = rows.map(pass.identify);
  if (!seamHolds(progress?.last, sightings)) {
    return torn(total, "moved", "another session stood where the page before ended");
  }
  const offset = startOf(progress) + rows.length;
  const added = progress === undefined ? sightings : sightings.slice(1);
  if (offset > total) {
    return torn(total, "count", `exports.total is ${total}, but there are more sessions than that`);
  }
  if (offset < total && added.length === 0) {
    return torn(total, "count", `exports.total is ${total}, but no session comes after the first ${offset}`);
  }
  const last = sightings.at(-1)?.key ?? "";
  return { kind: "on", sightings: added, next: { ...pass.slice, offset, total, last, twins: 0 } };
}

/** What is still in doubt at the end of a pass is read of its own, whatever it takes. */
async function finish(pass: Pass, census: Census, at: SliceProgress): Promise<Outcome> {
  if (census.doubts.length > 0) {
    if (!(await areSessions(pass, census, "whole"))) return torn(at.total, "moved", "a session came twice");
    await pass.visit(census.takeDoubts(), at, false, false);
  }
  return { kind: "clean", total: at.total };
}

/** Rows met twice on different pages are either two sessions or one that moved: a read of that second alone tells. */
async function areSessions(pass: Pass, census: Census, how: "whole" | "if-few"): Promise<boolean> {
  const { doubts } = census;
  if (pass.recount === undefined) return how === "whole";
  for (const second of new Set(doubts.map(secondOf))) {
    const counted = await pass.recount(second, how);
    const here = doubts.filter((row) => secondOf(row) === second);
    if (here.some(({ key }) => counted?.get(key) !== census.count(key))) return false;
  }
  return true;
}

function secondOf(row: Sighting): number {
  return Math.floor((row.at ?? 0) / 1000);
}

function fetchFrom(pass: Pass, progress: SliceProgress | undefined): Promise<Page> {
  return pass.fetch({ ...requestedSpan(pass.slice), from: startOf(progress), limit: PAGE_ROWS });
}

/** What is asked for to get a slice: a second more, so that it never matters whether start and end are inclusive. */
export function requestedSpan({ start, end }: Slice): Slice {
  return { start: Math.max(1, start - 1), end };
}

/** Offset of the next page: the last row's own, so that it comes again as the seam. */
function startOf(progress: SliceProgress | undefined): number {
  return progress === undefined ? 0 : Math.max(0, progress.offset - 1);
}

/** @param why for a person */
export function torn(total: number | undefined, fault: Torn["fault"], why: string): Torn {
  return { kind: "torn", total, fault, why };
}
