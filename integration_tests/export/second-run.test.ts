/** The same command again brings what is new or has changed, and nothing else; --full starts over. */
import { stat } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import type { FakeApi } from "../fake-api/server.ts";
import { expectAll, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const HOUR_MS = 3_600_000;
const COUNT = 1000;

/** Ada signs up after the fact, and seven new visitors come. */
function letTimePass({ handle }: FakeApi): void {
  const { to } = recent(0);
  const changed = handle.change({ nth: 0, start: to - 5 * HOUR_MS }, { name: "Ada", tags: ["new", 'a "b"'] });
  expect(changed).toHaveLength(1);
  handle.appendGenerated(7, to, to + 30_000);
}

const FORMS = ["sessions.duckdb", "sessions.parquet", "sessions.csv", "sessions.ndjson", "sessions.jsonl"];

describe.each(FORMS)("%s", (file) => {
  it("gets what is new and changed, and holds each session once", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, path, summary }) => {
      expect(await summary(file)).toMatchObject([
        { written: COUNT, new: COUNT, changed: 0, sessions: COUNT },
      ]);
      letTimePass(api);
      const before = api.stats.requests;
      expect(await summary(file)).toMatchObject([{ new: 7, changed: 1, gone: 0, sessions: COUNT + 7 }]);
      expect(api.stats.requests - before).toBeLessThan(COUNT / 100);
      const { ino } = await stat(path(file));
      expect(await summary(file)).toMatchObject([{ new: 0, changed: 0, sessions: COUNT + 7 }]);
      // Nothing was new, so the file is still the same one.
      expect((await stat(path(file))).ino).toBe(ino);
      const rows = await rowsIn(path(file));
      expectAll(api, rows);
      expect(rows.filter(({ name }) => name === "Ada")).toMatchObject([{ tags: ["new", 'a "b"'] }]);
    });
  });
});

describe.each(FORMS)("--full into %s", (file) => {
  it("brings all anew, without what the API no longer has", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, path, done, summary }) => {
      await done(file);
      expect(api.handle.remove({ nth: 0 })).toHaveLength(1);
      await done(file);
      expect((await rowsIn(path(file))).length).toBe(COUNT);
      letTimePass(api);
      expect(await summary(file, { args: ["--full"] })).toMatchObject([
        { written: COUNT + 6, new: 7, changed: 1, gone: 1, sessions: COUNT + 6 },
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
      expect(stderr).toContain("earlier sessions are not read. Run with --full to bring them too.");
      expect((await rowsIn(path("a.csv"))).length).toBe(some.length);
      await done("a.csv", { args: [...since(30), "--full"] });
      expectAll(api, await rowsIn(path("a.csv")));
    });
  });
});
