/** The same command again brings what is new or has changed, and nothing else; --full starts over. */
import { stat } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { expectAll, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const HOUR_MS = 3_600_000;
const COUNT = 1000;

describe.each(["a.duckdb", "a.parquet", "a.csv", "a.ndjson"])("%s", (file) => {
  it("gets what is new and changed, and holds each session once; --full drops what is gone", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, path, summary }) => {
      const first = { written: COUNT, new: COUNT, changed: 0, sessions: COUNT };
      expect(await summary(file)).toMatchObject([first]);
      const { to } = recent(0);
      const ada = { name: "Ada", tags: ["new", 'a "b"'] };
      expect(api.handle.change({ nth: 0, start: to - 5 * HOUR_MS }, ada)).toHaveLength(1);
      api.handle.appendGenerated(7, to, to + 30_000);
      const before = api.stats.requests;
      expect(await summary(file)).toMatchObject([{ new: 7, changed: 1, gone: 0, sessions: COUNT + 7 }]);
      expect(api.stats.requests - before).toBeLessThan(COUNT / 100);
      const { ino } = await stat(path(file));
      expect(await summary(file)).toMatchObject([{ new: 0, changed: 0, sessions: COUNT + 7 }]);
      // Nothing was new, so the file is still the same one.
      expect((await stat(path(file))).ino).toBe(ino);
      expectAll(api, await rowsIn(path(file)));

      expect(api.handle.remove({ nth: 0 })).toHaveLength(1);
      api.handle.change({ nth: 0, start: to - 4 * HOUR_MS }, ada);
      expect(await summary(file, { args: ["--full"] })).toMatchObject([
        { written: COUNT + 6, new: 0, changed: 1, gone: 1, sessions: COUNT + 6 },
      ]);
      expectAll(api, await rowsIn(path(file)));
    });
  });
});

describe("an earlier start", () => {
  it("brings what is older with --full alone, and that is said", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, path, done }) => {
      const since = (days: number) => ["--start-date", `${days}d`];
      await done("a.csv", { args: since(5) });
      const some = await rowsIn(path("a.csv"));
      expect(some.length).toBeLessThan(COUNT / 2);
      const { stderr } = await done("a.csv", { args: since(30) });
      expect(stderr).toMatch(/ sessions of .* are not read\. Run with --full to bring them\.\n/);
      expect((await rowsIn(path("a.csv"))).length).toBe(some.length);
      await done("a.csv", { args: [...since(30), "--full"] });
      expectAll(api, await rowsIn(path("a.csv")));
    });
  });
});
