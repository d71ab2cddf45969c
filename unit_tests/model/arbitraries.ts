import fc from "fast-check";
import { type Case, usual } from "./case.ts";
import { caseOf, kinds, orders } from "./kinds.ts";

/** Two kinds at once, in any order: what one leaves as usual, the other may change. */
export const mixedCases: fc.Arbitrary<Case> = fc
  .record({
    one: fc.constantFrom(...Object.keys(kinds)),
    other: fc.constantFrom(...Object.keys(kinds)),
    order: fc.constantFrom(...orders),
    seed: fc.integer({ min: 1, max: 10_000 }),
    number: fc.integer({ min: 0, max: 59 }),
  })
  .map(({ one, other, order, seed, number }) => ({
    ...usual,
    ...caseOf(mixed({ ...kinds[one], ...kinds[other] }), order, seed, number),
  }));

/** Sessions of a kind that names no number. */
const MOST_SESSIONS = 225;
/** A crowd of so many seconds is read at once. */
const FEW_SECONDS = 10;

const rightCount: Partial<Case> = { duplicates: 0, bots: 0, cap: 0, ends: 0, count: "right", lag: 0 };

/**
 * Limits that docs/no-session-lost.md names: duplicates that come in different answers of a filter on the end count as one,
 * sessions whose start can't be read are held by counts alone; a count that is wrong can't show what falls between spans,
 * nor can one to which more sessions come meanwhile. What a few seconds hold behind the end of a set is never shown, nor
 * is the end of one that comes in a single answer.
 */
function mixed(given: Partial<Case>): Partial<Case> {
  const kind = endIsShown(given) ? given : { ...given, ends: 0 };
  const byEnd = kind.filter === "end" || kind.filter === "within" || kind.filter === "overlap";
  if (kind.filter === "within") return { ...kind, ...rightCount, move: 0 };
  return byEnd || (kind.unreadable ?? 0) > 0 ? { ...kind, ...rightCount } : kind;
}

function endIsShown({
  burst = 0,
  bots = 0,
  dense = 0,
  ends = 0,
  sessions = MOST_SESSIONS,
  limitIgnored,
}: Partial<Case>) {
  const atOnce = burst + bots + (dense > 0 ? Math.min(sessions, (sessions / dense) * FEW_SECONDS) : 0);
  return limitIgnored !== true && atOnce < ends;
}

/** How many cases a property tries: as given, or what the environment variable PROPERTY_RUNS says. */
export function propertyRuns(usually: number): number {
  return Number(process.env["PROPERTY_RUNS"] ?? usually);
}
