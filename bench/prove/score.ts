import { EPOCH } from "../../unit_tests/model/cases.ts";
import { idsOf, invented, lost, repeated } from "../../unit_tests/model/judge.ts";
import { createRandom, type Random } from "../../unit_tests/model/random.ts";
import { type Run, run } from "../../unit_tests/model/run.ts";
import { createWorld, type World } from "../../unit_tests/model/world.ts";
import type { Kind } from "./kinds.ts";

/** What came of many cases of one kind. */
export interface Score {
  /** Sessions that were there from the first request to the last. */
  stayed: number;
  lost: number;
  /** Records of sessions, or versions, that never existed. */
  invented: number;
  /** Records that say again what an earlier one of the same run said. */
  repeated: number;
  /** Runs that ended with an error, and lost nothing either: the next one brought the rest. */
  incomplete: number;
  requests: number;
  /** What the same sessions cost at 100 a request. */
  ideal: number;
}

const bounds = {
  startDate: EPOCH - 1000,
  endDate: undefined,
  lookback: 25 * 86_400,
  now: EPOCH + 40 * 86_400,
};

/** The set of one case: the same for the same kind and number. */
export function worldOf({ order, moves }: Kind, seed: number): World {
  const random = createRandom(seed);
  const span = [3600, 86_400, 30 * 86_400][random.below(3)] ?? 3600;
  const starts = Array.from(
    { length: random.below(1500) },
    () => EPOCH * 1000 + random.below(span) * 1000 + random.below(1000),
  );
  return createWorld(starts, {
    ...moves,
    order,
    changes: 0,
    startInclusive: random.below(2) === 0,
    endInclusive: random.below(2) === 0,
    pageSize: 100,
    where: (["head", "tail", "anywhere"] as const)[random.below(3)] ?? "anywhere",
    seed,
  });
}

/** Runs the engine on so many cases of a kind, until each is complete. */
export async function score(kind: Kind, cases: number): Promise<Score> {
  const sum: Score = { stayed: 0, lost: 0, invented: 0, repeated: 0, incomplete: 0, requests: 0, ideal: 0 };
  for (let seed = 1; seed <= cases; seed += 1) await scoreCase(kind, seed, sum);
  return sum;
}

async function scoreCase(kind: Kind, seed: number, sum: Score): Promise<void> {
  const world = worldOf(kind, seed);
  sum.ideal += Math.ceil(world.sessions().length / 100);
  const stayed = world.watch();
  const parts = kind.kills ? await killed(world, createRandom(seed)) : [];
  parts.push(await run(world, bounds, parts.at(-1)?.state));
  sum.requests += world.requests();
  if (parts.at(-1)?.error !== undefined) {
    sum.incomplete += 1;
    world.freeze();
    parts.push(await run(world, bounds, parts.at(-1)?.state));
  }
  const kept = parts.flatMap((part) => (part.error === undefined ? part.written : part.kept));
  sum.stayed += stayed().length;
  sum.lost += lost(stayed(), idsOf(kept)).length;
  sum.invented += invented(world, kept).length;
  for (const part of parts) sum.repeated += repeated(part.written).length;
}

async function killed(world: World, random: Random): Promise<Run[]> {
  const parts: Run[] = [];
  for (let n = random.below(4); n >= 0; n -= 1) {
    parts.push(await run(world, bounds, parts.at(-1)?.state, 1 + random.below(15)));
  }
  return parts;
}
