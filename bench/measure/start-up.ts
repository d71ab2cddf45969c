import { EXPORT_PATH } from "../../integration_tests/fake-api/export-route.ts";
import { KEYS } from "../../integration_tests/fake-api/test-client.ts";
import { inFolder } from "../../integration_tests/input-files.ts";
import type { Program } from "../programs/program.ts";
import { writeTask } from "../programs/task.ts";
import { type Command, runMeasured } from "../run/run-measured.ts";
import { withStandIn } from "../stand-in/start.ts";
import { median } from "./statistics.ts";

/** Wall clock of cold starts, ms, one value a round. */
export interface StartUp {
  /** `node -e 0` */
  readonly node: readonly number[];
  readonly spec: readonly number[];
  /** Less what its request takes. */
  readonly check: readonly number[];
  /** `spec` of other programs. */
  readonly others: ReadonlyMap<string, readonly number[]>;
}

/** @param main the built program @param others whose `spec` is measured too */
export function measureStartUp(
  main: string,
  rounds: number,
  others: readonly Program[] = [],
): Promise<StartUp> {
  return inFolder((folder) =>
    withStandIn({ sessions: 1000 }, async (standIn) => {
      const { config } = await writeTask(folder, standIn.url);
      const node = process.execPath;
      const commands = new Map<string, Command>([
        ["node", { argv: [node, "-e", "0"] }],
        ["spec", { argv: [node, main, "spec"] }],
        ["check", { argv: [node, main, "check", "--config", config] }],
      ]);
      for (const { name, spec } of others) if (spec !== undefined) commands.set(name, spec);
      const walls = await inTurn(commands, rounds);
      const requestMs = await requestTime(standIn.url, rounds);
      return {
        node: walls.get("node") ?? [],
        spec: walls.get("spec") ?? [],
        check: (walls.get("check") ?? []).map((wall) => wall - requestMs),
        others: new Map(others.map(({ name }) => [name, walls.get(name) ?? []])),
      };
    }),
  );
}

async function inTurn(
  commands: ReadonlyMap<string, Command>,
  rounds: number,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const walls = new Map<string, number[]>();
  // The first round fills the page cache and does not count.
  for (let round = -1; round < rounds; round += 1) {
    for (const [name, command] of commands) {
      const { wallMs, code, complaint } = await runMeasured(command);
      if (code !== 0) throw new Error(`${command.argv.join(" ")}: exit code ${code}\n${complaint}`);
      if (round >= 0) walls.set(name, [...(walls.get(name) ?? []), wallMs]);
    }
  }
  return walls;
}

/** Median of what a request such as check's takes a client that is already running, ms. */
async function requestTime(url: string, rounds: number): Promise<number> {
  const body = JSON.stringify({ ...KEYS, start: 1, end: 3601, from: 0, limit: 1 });
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const begun = performance.now();
    await (await fetch(url + EXPORT_PATH, { method: "POST", body, headers: { connection: "close" } })).text();
    times.push(performance.now() - begun);
  }
  return median(times);
}
