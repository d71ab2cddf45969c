import { type Case, usual } from "../../unit_tests/model/case.ts";

const SIZES = [1, 2, 3, 5, 9, 12, 15, 20, 30, 45, 60, 90, 120];
const SEEDS = 12;

/** The values that may be simplified, one after the other. */
const simpler: readonly (keyof Case)[] = [
  "syncs",
  "kill",
  "pause",
  "resume",
  "move",
  "moves",
  "duplicates",
  "late",
  "lastingTies",
  "wholeSeconds",
  "randomPages",
  "recent",
  "outside",
  "length",
  "lookback",
  "maxFingerprints",
  "bots",
  "burst",
  "dense",
];

/** The smallest case that still fails, as far as a few tries find it. */
export async function shrink(failing: Case, fails: (tried: Case) => Promise<boolean>): Promise<Case> {
  let best = failing;
  for (let round = 0; round < 3; round += 1) {
    const before = JSON.stringify(best);
    best = await fewerSessions(best, fails);
    for (const name of simpler) best = await simplify(best, name, fails);
    best = await oneMove(best, fails);
    if (JSON.stringify(best) === before) break;
  }
  return best;
}

async function fewerSessions(best: Case, fails: (tried: Case) => Promise<boolean>): Promise<Case> {
  for (const sessions of SIZES.filter((size) => size < best.sessions)) {
    const smaller = await firstOf({ ...best, sessions }, fails);
    if (smaller !== undefined) return smaller;
  }
  return best;
}

async function simplify(best: Case, name: keyof Case, fails: (tried: Case) => Promise<boolean>) {
  if (JSON.stringify(best[name]) === JSON.stringify(usual[name])) return best;
  const without = { ...best, [name]: name === "duplicates" || name === "late" ? 0 : usual[name] };
  return (await firstOf(without, fails)) ?? best;
}

async function oneMove(best: Case, fails: (tried: Case) => Promise<boolean>): Promise<Case> {
  if (best.move === 0 || best.moves.length < 2) return best;
  for (const move of best.moves) {
    const only = await firstOf({ ...best, moves: [move] }, fails);
    if (only !== undefined) return only;
  }
  return best;
}

/** The case itself with one of some seeds. */
async function firstOf(tried: Case, fails: (tried: Case) => Promise<boolean>): Promise<Case | undefined> {
  for (let n = 0; n < SEEDS; n += 1) {
    const seeded = { ...tried, seed: tried.seed + n * 1000 };
    if (await fails(seeded)) return seeded;
  }
  return undefined;
}
