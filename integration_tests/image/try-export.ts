/** Tries `export` in an image: by its user, with a root file system that can't be written to, into a mounted folder. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Job, runPlainly } from "./container.ts";

/** What the program prints with --json, as far as it is looked at. */
interface ExportSummary {
  readonly status: string;
  readonly streams: readonly { readonly written: number }[];
}

/**
 * Exports twice into each of a database and a text file; the second run brings nothing.
 * @param args those that name the configuration, as the container sees it
 * @param count sessions of the stand-in, all of them older than a minute
 */
export async function tryExport(job: Job, args: readonly string[], count: number): Promise<void> {
  for (const file of ["sessions.duckdb", "sessions.csv"]) {
    for (const written of [count, 0]) {
      const to = join(job.mountedAt, file);
      const run = await runPlainly(job, ["export", ...args, "--to", to, "--quiet", "--json"]);
      assert.equal(run.code, 0, run.stderr);
      const { status, streams }: ExportSummary = JSON.parse(run.lines.join("\n"));
      assert.deepEqual([status, streams.map((stream) => stream.written)], ["complete", [written]]);
    }
    assert.equal(await keysIn(join(job.folder, file)), count);
  }
}

/** How many sessions a file holds, each counted once. */
async function keysIn(path: string): Promise<number> {
  if (!path.endsWith(".duckdb")) {
    const [header = "", ...lines] = (await readFile(path, "utf8")).trimEnd().split("\r\n");
    assert.ok(header.startsWith("sessionKey,"), header);
    return new Set(lines.map((line) => line.split(",")[0])).size;
  }
  const instance = await DuckDBInstance.create(path, { access_mode: "read_only" });
  const connection = await instance.connect();
  try {
    const answer = await connection.runAndReadAll(
      "SELECT count(DISTINCT sessionKey)::INTEGER AS n FROM sessions",
    );
    return Number(answer.getRowObjectsJS()[0]?.["n"]);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
