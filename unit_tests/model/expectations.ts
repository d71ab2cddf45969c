import type { Case, Filter } from "./case.ts";

/** What may come of a case. */
export interface Expectations {
  /** Codes of errors that this API gives reason for. */
  readonly ends: readonly string[];
  /** Whether a sync behind an error succeeds once nothing moves. */
  readonly recovers: boolean;
  /** Whether a place in time is read once and for all: by the session's start, and from the present. */
  readonly trustsStart: boolean;
  /** Whether a sync at rest writes nothing that an earlier one wrote. */
  readonly restsAtRest: boolean;
  /** Sessions that a sync may miss with no more than a warning: they fall between spans while others come and go. */
  readonly mayMiss: number;
}

const byStart: readonly Filter[] = ["start", "start-inclusive", "start-exclusive", "start-late", "ceiling"];

/** Pages of one second that are read also where its rows come in another order each time. */
const MOST_SHUFFLED_PAGES = 6;

/** A set that only moves never ends in contract_broken; one of more than a page a second may be too restless to read. */
export function expectations(tried: Case): Expectations {
  const fits = tried.count === "right" && tried.cap === 0 && tried.ends === 0;
  const reads = tried.paging === "right" && tried.unreadable === 0;
  const honest = byStart.includes(tried.filter) && fits && reads;
  const crowded = isCrowded(tried);
  const shuffled = isShuffled(tried, crowded);
  const mixed = tried.randomPages || tried.replicas || tried.duplicates > 0.1;
  const restless = shuffled || (tried.move > 0 && (crowded || mixed));
  const ends = [...(honest ? [] : ["contract_broken"]), ...(restless || !honest ? ["set_keeps_moving"] : [])];
  const restsAtRest = byStart.includes(tried.filter) && tried.unreadable === 0;
  return {
    ends,
    recovers: honest && !shuffled,
    trustsStart: honest && !tried.replicas,
    restsAtRest,
    mayMiss: mayMiss(tried),
  };
}

/** Rows that come in another order at each request have to come by chance, and more pages of them seldom do. */
function isShuffled(tried: Case, crowded: boolean): boolean {
  const { lastingTies, burst, bots, dense, sessions, pageSize, order } = tried;
  // The narrowest span that an API answers may hold a second or two on either side.
  const inSpan = dense > 0 ? (sessions / dense) * 5 : 0;
  const manyAtOnce = !lastingTies && (burst + bots + inSpan) / pageSize > MOST_SHUFFLED_PAGES;
  return manyAtOnce || (crowded && order === "random");
}

function isCrowded({ dense, burst, bots, crowding }: Case): boolean {
  return dense > 0 || burst > 0 || bots > 0 || crowding > 1;
}

/** Where the set moves, a few may be missing of what a filter on another time than the start shows between spans. */
function mayMiss({ filter, move, pause, sessions }: Case): number {
  return !byStart.includes(filter) && (move > 0 || pause > 0) ? 3 + sessions / 1000 : 0;
}
