import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "@jest/globals";
import { configFor } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { startProgram } from "../program.ts";

const COUNT = 1500;

/** Runs an export, killed (SIGKILL) at a request of the stand-in. */
async function exportTo(
  folder: string,
  api: FakeApi,
  file: string,
  kill: Kill,
  requests?: number,
): Promise<number | null> {
  const [, config = ""] = await writeInputFiles(folder, { config: configFor(api) });
  const running = startProgram(["export", "--config", config, "--to", join(folder, file), "--quiet"]);
  kill.at = requests === undefined ? undefined : api.stats.requests + requests;
  kill.fire = () => running.child.kill("SIGKILL");
  const { code, stderr } = await running.ended;
  if (requests === undefined) expect(stderr).toBe("");
  return code;
}

interface Kill {
  at: number | undefined;
  fire: () => void;
}

/** Rows and different keys of what an export made. */
async function countIn(source: string, database = ":memory:"): Promise<readonly unknown[]> {
  const instance = await DuckDBInstance.create(database, {
    access_mode: database === ":memory:" ? "automatic" : "read_only",
  });
  const connection = await instance.connect();
  try {
    const sql = `SELECT count(*)::INTEGER, count(DISTINCT "sessionKey")::INTEGER FROM ${source}`;
    const rows = await connection.runAndReadAll(sql);
    return rows.getRows()[0] ?? [];
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

describe("export, killed and run again", () => {
  it.each([
    ["sessions.duckdb", true],
    ["sessions.parquet", true],
    ["sessions.csv", false],
    ["sessions.ndjson", false],
  ])("%s equals the API, and brings what is new afterwards", async (file, once) => {
    const kill: Kill = { at: undefined, fire: () => undefined };
    const to = Date.now() - 60_000;
    const api = await startFakeApi({
      generated: { count: COUNT, from: to - 20 * 86_400_000, to },
      onRequest: (request) => (request === kill.at ? kill.fire() : undefined),
    });
    try {
      await inFolder(async (folder) => {
        const path = join(folder, file);
        const count = () => (file.endsWith(".duckdb") ? countIn("sessions", path) : countIn(`'${path}'`));
        for (const requests of [2, 13, 5])
          expect(await exportTo(folder, api, file, kill, requests)).toBeNull();
        expect(await exportTo(folder, api, file, kill)).toBe(0);
        expect(await count()).toEqual([COUNT, COUNT]);
        api.handle.appendGenerated(20, to, to + 30_000);
        expect(await exportTo(folder, api, file, kill)).toBe(0);
        const [rows, keys] = await count();
        expect(keys).toBe(COUNT + 20);
        if (once) expect(rows).toBe(COUNT + 20);
      });
    } finally {
      await api.close();
    }
  });
});
