import { isObject } from "../../integration_tests/fake-api/json.ts";
import { inFolder } from "../../integration_tests/input-files.ts";
import type { Program } from "../programs/program.ts";
import { type Task, writeState, writeTask } from "../programs/task.ts";
import { createRecordCounter } from "../run/record-counter.ts";
import { type Measured, runMeasured } from "../run/run-measured.ts";
import { type StandIn, withStandIn } from "../stand-in/start.ts";

/** One sync of a busy site. */
export interface BusySync extends Measured {
  readonly records: number;
  readonly requests: number;
  /** The longest STATE message. */
  readonly stateBytes: number;
  /** The last STATE's content. */
  readonly state: unknown;
}

/** What reading a site with very many sessions a day costs. */
export interface BusySite {
  readonly sessions: number;
  readonly days: number;
  readonly first: BusySync;
  /** The sync after it, in which nothing is new: what reading the lookback of 24 hours again costs. */
  readonly again: BusySync;
}

/** @throws Error if a sync fails */
export function measureBusySite(
  ours: Program,
  { sessions, days }: Pick<BusySite, "sessions" | "days">,
): Promise<BusySite> {
  return inFolder((folder) =>
    withStandIn({ sessions, days }, async (standIn) => {
      const task = await writeTask(folder, standIn.url, { days });
      const first = await sync(ours, task, standIn);
      const again = await sync(ours, await writeState(folder, task, [first.state]), standIn);
      return { sessions, days, first, again };
    }),
  );
}

async function sync(ours: Program, task: Task, standIn: StandIn): Promise<BusySync> {
  const counter = createRecordCounter();
  let state: unknown;
  let stateBytes = 0;
  await standIn.begin();
  const measured = await runMeasured(ours.read(task), (line) => {
    counter.take(line);
    if (!line.toString("latin1", 0, 16).includes('"STATE"')) return;
    const message: unknown = JSON.parse(line.toString());
    if (isObject(message)) state = message["state"];
    stateBytes = Math.max(stateBytes, line.length);
  });
  if (measured.code !== 0) throw new Error(`a busy site: exit code ${measured.code}\n${measured.complaint}`);
  const { requests } = await standIn.seen();
  return { ...measured, records: counter.records(), requests: requests.length, stateBytes, state };
}
