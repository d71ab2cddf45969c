import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../../integration_tests/fake-api/json.ts";
import { inFolder } from "../../integration_tests/input-files.ts";
import type { OwnPrograms } from "../programs/own.ts";
import { writeTask } from "../programs/task.ts";
import { type Cost, runMeasured } from "../run/run-measured.ts";
import { withStandIn } from "../stand-in/start.ts";

/** A set at rest, without latency, and how often it is exported. */
export interface ExportPlan {
  readonly sessions: number;
  readonly rounds: number;
}

/** What exporting a set costs, beside reading it. */
export interface ExportRuns {
  readonly sessions: number;
  /** Into a DuckDB file that is made for it. */
  readonly exports: readonly Cost[];
  /** To a pipe; each just before the export of its round. */
  readonly reads: readonly Cost[];
}

/**
 * Has the program read and export a set in turn.
 * @throws Error if it fails, or exports another number of sessions than there are
 */
export function measureExports(plan: ExportPlan, { ours, main }: OwnPrograms): Promise<ExportRuns> {
  const { sessions, rounds } = plan;
  return inFolder((folder) =>
    withStandIn({ sessions }, async (standIn) => {
      const task = await writeTask(folder, standIn.url);
      const file = join(folder, "sessions.duckdb");
      const argv = [process.execPath, main, "export", "--config", task.config, "--to", file, "--json"];
      const [exports, reads]: [Cost[], Cost[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        const read = await runMeasured(ours.read(task));
        if (read.code !== 0) throw new Error(`read: exit code ${read.code}\n${read.complaint}`);
        reads.push(read);
        exports.push(await exportOnce(argv, sessions));
        await rm(file);
      }
      return { sessions, exports, reads };
    }),
  );
}

async function exportOnce(argv: readonly string[], sessions: number): Promise<Cost> {
  let summary = "";
  const measured = await runMeasured({ argv }, (line) => {
    summary += line.toString();
  });
  const added = measured.code === 0 ? newIn(JSON.parse(summary)) : undefined;
  if (added !== sessions) {
    throw new Error(
      `export brought ${added} of ${sessions} sessions, exit code ${measured.code}\n${measured.complaint}`,
    );
  }
  return measured;
}

/** New sessions of the one stream in a summary. */
function newIn(summary: unknown): unknown {
  const [stream]: unknown[] =
    isObject(summary) && Array.isArray(summary["streams"]) ? summary["streams"] : [];
  return isObject(stream) ? stream["new"] : undefined;
}
