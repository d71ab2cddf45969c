import { inFolder } from "../../integration_tests/input-files.ts";
import type { Program } from "../programs/program.ts";
import { writeTask } from "../programs/task.ts";
import { type Measured, runMeasured } from "../run/run-measured.ts";
import { withStandIn } from "../stand-in/start.ts";

/** Several projects, each with a connection and an API of its own, at one time on one machine. */
export interface SideBySide {
  readonly connections: number;
  readonly sessionsEach: number;
  readonly latencyMs: number;
  readonly runs: readonly Measured[];
}

const SESSIONS = 10_000;
const LATENCY_MS = 100;

/** @throws Error if a read fails */
export async function measureSideBySide(ours: Program, connections: number): Promise<SideBySide> {
  const runs = await together(ours, connections, []);
  return { connections, sessionsEach: SESSIONS, latencyMs: LATENCY_MS, runs };
}

/** Starts the stand-ins one inside the other, and the reads once all are there. */
function together(ours: Program, missing: number, urls: readonly string[]): Promise<readonly Measured[]> {
  if (missing === 0) return Promise.all(urls.map((url) => readAll(ours, url)));
  return withStandIn({ sessions: SESSIONS, latencyMs: LATENCY_MS }, ({ url }) =>
    together(ours, missing - 1, [...urls, url]),
  );
}

function readAll(ours: Program, url: string): Promise<Measured> {
  return inFolder(async (folder) => {
    const run = await runMeasured(ours.read(await writeTask(folder, url)));
    if (run.code !== 0) throw new Error(`one of several: exit code ${run.code}\n${run.complaint}`);
    return run;
  });
}
