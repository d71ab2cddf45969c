import { type BusySite, measureBusySite } from "./measure/busy-site.ts";
import { type ExportRuns, measureExports } from "./measure/exports.ts";
import { type Loss, lossOfBroken, lossOfMoving } from "./measure/losses.ts";
import { measureReads, type ReadPlan, type ReadRuns } from "./measure/reads.ts";
import { fieldsTooMany } from "./measure/selection.ts";
import { measureSideBySide, type SideBySide } from "./measure/side-by-side.ts";
import { measureStartUp, type StartUp } from "./measure/start-up.ts";
import type { Plans } from "./plans.ts";
import type { OwnPrograms } from "./programs/own.ts";
import type { Peers } from "./programs/peers.ts";
import type { Program } from "./programs/program.ts";
import { BROKEN_PAGES, type BrokenPage } from "./stand-in/contract.ts";

/** A set at rest, read by several programs. */
export interface Reading {
  readonly plan: ReadPlan;
  readonly runs: ReadRuns;
}

/** What became of reads in which the same went wrong. */
export interface Mishap {
  readonly what: "moves" | BrokenPage;
  readonly losses: readonly Loss[];
}

/** All that the full form measures. */
export interface Results {
  /** 40,000 sessions, 20 ms. */
  readonly slow: Reading;
  /** 100,000 sessions, no latency. */
  readonly fast: Reading;
  /** Other sizes and latencies. */
  readonly growth: readonly Reading[];
  readonly exports: ExportRuns;
  readonly exportsMany: ExportRuns;
  readonly startUp: StartUp;
  readonly fieldsTooMany: readonly string[];
  readonly mishaps: readonly Mishap[];
  readonly busySite: BusySite;
  readonly sideBySide: readonly SideBySide[];
}

/**
 * Measures everything.
 * @param tell is told what is being done
 * @throws Error if a program fails where it should not
 */
export async function measureAll(
  own: OwnPrograms,
  { faros, lowCode }: Peers,
  plans: Plans,
  tell: (what: string) => void,
): Promise<Results> {
  const { bareFetch, ours, main } = own;
  const read = async (plan: ReadPlan): Promise<Reading> => {
    tell(`${plan.sessions} sessions, ${plan.latencyMs} ms`);
    return { plan, runs: await measureReads(plan, ours, [bareFetch, faros, lowCode]) };
  };
  const fast = await read(plans.fast);
  const slow = await read(plans.slow);
  const growth: Reading[] = [];
  for (const plan of plans.growth) growth.push(await read(plan));
  tell("exports");
  const exports = await measureExports(plans.exports, own);
  const exportsMany = await measureExports(plans.exportsMany, own);
  tell("cold starts");
  const startUp = await measureStartUp(main, plans.startRounds, [faros, lowCode]);
  const mishaps = await measureMishaps([ours, faros, lowCode], plans, tell);
  tell("a busy site");
  const busySite = await measureBusySite(ours, plans.busy);
  const sideBySide: SideBySide[] = [];
  for (const count of plans.sideBySide) {
    tell(`${count} side by side`);
    sideBySide.push(await measureSideBySide(ours, count));
  }
  const tooMany = await fieldsTooMany(ours);
  return {
    slow,
    fast,
    growth,
    exports,
    exportsMany,
    startUp,
    fieldsTooMany: tooMany,
    mishaps,
    busySite,
    sideBySide,
  };
}

async function measureMishaps(
  programs: readonly Program[],
  { moving, brokenSessions }: Plans,
  tell: (what: string) => void,
): Promise<readonly Mishap[]> {
  const mishaps: Mishap[] = [];
  for (const what of ["moves", ...BROKEN_PAGES] as const) {
    tell(`rows lost: ${what}`);
    const losses: Loss[] = [];
    for (const program of programs) {
      losses.push(
        await (what === "moves"
          ? lossOfMoving(program, moving.sessions, moving.removeEvery)
          : lossOfBroken(program, brokenSessions, what)),
      );
    }
    mishaps.push({ what, losses });
  }
  return mishaps;
}
