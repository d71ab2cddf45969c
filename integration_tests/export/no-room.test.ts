/** A disk that is full, or a limit on the size of files: what was saved stays, and the same command goes on later. */
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { expectAll, lastByKey, rowsIn } from "./contents.ts";
import { atWork, recent, smallFiles } from "./workplace.ts";

const NO_ROOM = "There is no room for";
/** In kB: enough to begin with, too little for all of it. */
const FORMS = [
  ["a.duckdb", 900],
  ["a.parquet", 900],
  ["a.csv", 300],
  ["a.ndjson", 300],
] as const;

describe.each(FORMS)("%s", (file, kb) => {
  it("says that there is no room, and goes on where it stopped", async () => {
    await atWork({ generated: recent(400) }, async ({ api, path, done, run }) => {
      await done(file);
      const { to } = recent(0);
      api.handle.appendGenerated(6000, to, to + 30_000);
      const { code, signal, stderr } = await run(file, { options: { through: smallFiles(kb) } });
      expect(stderr).toContain(`${NO_ROOM} ${path(file)}`);
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect({ code, signal }).toEqual({ code: 1, signal: null });
      // All of the first export, and perhaps some more.
      const rows = await rowsIn(path(file));
      expect(rows.length).toBeGreaterThanOrEqual(400);
      await done(file);
      expectAll(api, lastByKey(await rowsIn(path(file))));
    });
  });

  it("leaves no lock behind where there was no room to begin with", async () => {
    await atWork({ generated: recent(400) }, async ({ api, folder, path, done, run }) => {
      const { code, stderr } = await run(file, { options: { through: smallFiles(0) } });
      expect(stderr).toContain(NO_ROOM);
      expect(code).toBe(1);
      expect((await readdir(folder)).filter((name) => name.endsWith(".lock"))).toEqual([]);
      await done(file);
      expectAll(api, await rowsIn(path(file)));
    });
  });
});

describe("a pipe", () => {
  it("into a full device fails", async () => {
    await atWork({ generated: recent(400) }, async ({ run }) => {
      const { code, stderr } = await run("-", {
        options: { through: ["sh", "-c", 'exec "$@" >/dev/full', "sh"] },
      });
      expect(stderr).toContain("stdout can't be written");
      expect(code).toBe(1);
    });
  });
});
