import { inFolder } from "../../integration_tests/input-files.ts";
import { PROGRAM_NAMES, type Program, type ProgramName } from "../programs/program.ts";
import { type Task, writePages, writeTask } from "../programs/task.ts";
import { createRecordCounter } from "../run/record-counter.ts";
import { type Cost, type Measured, runMeasured } from "../run/run-measured.ts";
import type { Seen } from "../stand-in/contract.ts";
import { type StandIn, withStandIn } from "../stand-in/start.ts";

/** One run of one program. */
export interface ReadRun extends Measured {
  readonly records: number;
  readonly seen: Seen;
}

/** A set at rest, and how often it is read. */
export interface ReadPlan {
  readonly sessions: number;
  readonly latencyMs: number;
  /** Each program is run so often, all in turn; 1 also leaves out the run to warm up. */
  readonly rounds: number;
}

/** The programs' runs, as many each as there were rounds. */
export type ReadRuns = ReadonlyMap<ProgramName, readonly ReadRun[]>;

/**
 * Has several programs read the same set in turn.
 * @param ours runs first: what it asks for is what the bare fetch will ask for
 * @throws Error if a program fails or reads another number of sessions than there are
 */
export function measureReads(plan: ReadPlan, ours: Program, others: readonly Program[]): Promise<ReadRuns> {
  const { sessions, latencyMs, rounds } = plan;
  return inFolder((folder) =>
    withStandIn({ sessions, latencyMs }, async (standIn) => {
      const task = await writeTask(folder, standIn.url);
      const read = (program: Program) => readOnce(program, task, standIn, sessions);
      const first = await read(ours);
      await writePages(task, standIn.url, first.seen.requests);
      const runs: [ProgramName, ReadRun][] = rounds === 1 ? [[ours.name, first]] : [];
      for (let round = 0; round < rounds; round += 1) {
        const turn = rounds === 1 ? others : rotated([ours, ...others], round);
        for (const program of turn) runs.push([program.name, await read(program)]);
      }
      return byName(runs);
    }),
  );
}

function byName(runs: readonly (readonly [ProgramName, ReadRun])[]): ReadRuns {
  const grouped = PROGRAM_NAMES.map(
    (wanted) => [wanted, runs.flatMap(([name, run]) => (name === wanted ? run : []))] as const,
  );
  return new Map(grouped.filter(([, found]) => found.length > 0));
}

/** Each in front once, so that no program always runs behind the same other. */
function rotated<T>(values: readonly T[], by: number): readonly T[] {
  const at = by % values.length;
  return [...values.slice(at), ...values.slice(0, at)];
}

async function readOnce(program: Program, task: Task, standIn: StandIn, sessions: number): Promise<ReadRun> {
  const counter = createRecordCounter();
  await standIn.begin();
  const measured = await runMeasured(program.read(task), counter.take);
  const seen = await standIn.seen();
  const records = counter.records();
  const expected = program.name === "bare fetch" ? 0 : sessions;
  if (measured.code !== 0 || records !== expected) {
    throw new Error(
      `${program.name} wrote ${records} of ${expected} sessions, exit code ${measured.code}\n${measured.complaint}`,
    );
  }
  return { ...measured, records, seen };
}

/** The runs of one program. @throws Error if it was not run */
export function runsOf(runs: ReadRuns, name: ProgramName): readonly ReadRun[] {
  const found = runs.get(name);
  if (found === undefined) throw new Error(`${name} was not run`);
  return found;
}

/** One measure of a program in relation to another's, round by round. */
export function ratios(
  above: readonly Cost[],
  below: readonly Cost[],
  measure: "wallMs" | "cpuMs",
): readonly number[] {
  return above.flatMap((cost, round) => {
    const denominator = below[round];
    return denominator === undefined ? [] : [cost[measure] / denominator[measure]];
  });
}
