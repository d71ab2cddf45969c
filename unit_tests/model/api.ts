import { type Case, EPOCH } from "./case.ts";
import { totalOf } from "./counts.ts";
import { filterOf } from "./filters.ts";
import { moveAll } from "./movement.ts";
import { createSorter, sortOnce } from "./orders.ts";
import { createRandom, type Random } from "./random.ts";
import { createWorld, populate, type Session, type World } from "./world.ts";

/** What is asked for: a span in Unix s, an offset, the most rows that are wanted. */
export interface Query {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly limit: number;
}

/** What comes back: a snapshot of a part of the set. */
export interface Answer {
  readonly rows: readonly Session[];
  readonly total: number | undefined;
}

/** The API of a case: a pure function of the case and of the requests so far. */
export interface Api {
  readonly world: World;
  answer(query: Query): Answer;
  requests(): number;
  /** The mean number of rows of answers that had more behind them; the page size where there were none. */
  rowsOfAPage(): number;
  /** Changes of a time in which nobody asks. */
  pause(expected: number): void;
  /** Nothing moves from now on, or moves again. */
  freeze(still: boolean): void;
  /** All replicas and counts know of everything. */
  settle(): void;
}

/** @param tried a case; the same one gives the same answers to the same requests */
export function createApi(tried: Case): Api {
  const random = createRandom(tried.seed);
  const world = createWorld(tried, random);
  populate(world, tried, random);
  const sorted = createSorter(world, tried);
  let history: (readonly Session[])[] = [];
  let requests = 0;
  let still = false;
  const cut: number[] = [];

  return {
    world,
    requests: () => requests,
    rowsOfAPage: () => mean(cut) ?? tried.pageSize,
    pause: (expected) => moveAll(world, tried, random, expected),
    freeze(whether) {
      still = whether;
    },
    settle() {
      history = [];
    },
    answer({ start, end, from, limit }) {
      requests += 1;
      if (!still) moveAll(world, tried, random, tried.move);
      history = [...history, world.sessions()].slice(-1 - tried.lag);
      const wanted = filterOf(tried, start, end);
      const before = history[0] ?? world.sessions();
      const stale = tried.replicas && requests % 2 === 0;
      const found = stale ? sortOnce(before, tried, wanted, requests) : sorted(wanted, requests);
      const all = bounded(found, tried);
      const first = offsetOf(tried, from);
      const rows = all.slice(first, first + pageSize(tried, limit, random));
      if (first + rows.length < all.length) cut.push(rows.length);
      const late = tried.count === "late" ? bounded(before.filter(wanted), tried) : all;
      const counted = { now: all.length, before: late.length, page: rows.length, request: requests };
      return { rows, total: totalOf(tried, counted, random) };
    },
  };
}

function bounded(sessions: readonly Session[], { ends }: Case): readonly Session[] {
  return ends > 0 ? sessions.slice(0, ends) : sessions;
}

function pageSize(
  { limitIgnored, randomPages, pageSize: usual }: Case,
  limit: number,
  random: Random,
): number {
  if (limitIgnored) return Number.POSITIVE_INFINITY;
  const most = Math.min(limit, usual);
  return randomPages ? 1 + random.below(most) : most;
}

function offsetOf({ paging }: Case, from: number): number {
  if (from === 0 || paging === "right") return from;
  if (paging === "stuck") return 0;
  return paging === "overlapping" ? from - 1 : from + 1;
}

function mean(numbers: readonly number[]): number | undefined {
  const sum = numbers.reduce((a, b) => a + b, 0);
  return numbers.length === 0 ? undefined : sum / numbers.length;
}

/** Unix s: the moment at which the first sync of a case begins. */
export function firstSync({ window }: Case): number {
  return EPOCH + window;
}
