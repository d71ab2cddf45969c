/** Runs that something happens to on the way. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ConnectorRun, catalogOf, configFor, understand } from "../connector.ts";
import type { FakeApi } from "../fake-api/server.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { type Run, type Running, type RunOptions, startProgram } from "../program.ts";
import { HASTY } from "./fault-run.ts";
import { expectNoSecret } from "./secrets.ts";

/** What happens, and to what. */
export interface Interruption {
  /** Fields of the configuration besides, or instead. */
  readonly config?: object;
  readonly state?: unknown;
  /** JavaScript that runs in the process before the program does. */
  readonly hook?: string;
  readonly options?: RunOptions;
  /** Called once the process is there. */
  readonly onStart?: (running: Running) => void;
  /** Called for each line of stdout. */
  readonly onLine?: (line: string, running: Running) => void;
}

/** A read to which something happens. @throws Error where any form of a key stands in the output */
export async function interruptedRun(api: Pick<FakeApi, "url">, interruption: Interruption): Promise<Run> {
  const { config, state, hook, options = {}, onStart, onLine } = interruption;
  const files = { config: configFor(api, { ...HASTY, ...config }), catalog: catalogOf(), state };
  return inFolder(async (folder) => {
    const nodeArgs = [...(options.nodeArgs ?? [])];
    if (hook !== undefined) {
      const path = join(folder, "hook.cjs");
      await writeFile(path, hook);
      nodeArgs.push("--require", path);
    }
    const lines: string[] = [];
    const running = startProgram(["read", ...(await writeInputFiles(folder, files))], {
      ...options,
      nodeArgs,
      onLine: (line, process) => {
        lines.push(line);
        onLine?.(line, process);
      },
    });
    onStart?.(running);
    const run = { ...(await running.ended), lines };
    expectNoSecret(run);
    return run;
  });
}

/** The same, with its messages sorted by kind. @throws Error as `runConnector` does */
export async function interruptedRead(
  api: Pick<FakeApi, "url">,
  interruption: Interruption,
): Promise<ConnectorRun> {
  return understand(await interruptedRun(api, interruption));
}

/** Does something at the first line that fits, and never again. */
export function once(fits: RegExp, then: (running: Running) => void): NonNullable<Interruption["onLine"]> {
  let done = false;
  return (line, running) => {
    if (done || !fits.test(line)) return;
    done = true;
    then(running);
  };
}

/** Resolves when a count has not grown any more for a second. */
export async function untilStill(count: () => number): Promise<number> {
  const POLLS = 20;
  let last = -1;
  for (let same = 0; same < POLLS; same += 1) {
    if (count() !== last) same = 0;
    last = count();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return last;
}
