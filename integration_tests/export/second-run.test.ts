/** The same command again brings what is new or has changed, and nothing else; --full starts over. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import type { FakeApi } from "../fake-api/server.ts";
import { expectAll, lastByKey, rowsIn } from "./contents.ts";
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

describe.each(["sessions.duckdb", "sessions.parquet"])("%s", (file) => {
  it("gets what is new and changed, and holds each session once", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, path, summary }) => {
      expect(await summary(file)).toMatchObject([{ new: COUNT, changed: 0, sessions: COUNT }]);
      letTimePass(api);
      const before = api.stats.requests;
      expect(await summary(file)).toMatchObject([{ new: 7, changed: 1, sessions: COUNT + 7 }]);
      expect(api.stats.requests - before).toBeLessThan(COUNT / 100);
      expect(await summary(file)).toMatchObject([{ new: 0, changed: 0, sessions: COUNT + 7 }]);
      const rows = await rowsIn(path(file));
      expectAll(api, rows);
      expect(rows.filter(({ name }) => name === "Ada")).toMatchObject([{ tags: ["new", 'a "b"'] }]);
    });
  });
});

describe.each(["sessions.csv", "sessions.ndjson"])("%s", (file) => {
  it("is added to: what is new, and what has changed once more", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, path, summary }) => {
      expect(await summary(file)).toMatchObject([
        { written: COUNT, new: null, changed: null, sessions: null },
      ]);
      const first = await readFile(path(file), "utf8");
      letTimePass(api);
      const [second] = await summary(file);
      expect(second?.["written"]).toBeGreaterThanOrEqual(8);
      expect(second?.["written"]).toBeLessThan(COUNT / 10);
      const text = await readFile(path(file), "utf8");
      expect(text.startsWith(first)).toBe(true);
      const rows = await rowsIn(path(file));
      expect(rows.filter(({ name }) => name === "Ada")).toMatchObject([{ tags: ["new", 'a "b"'] }]);
      expectAll(api, lastByKey(rows));
      expect(await summary(file)).toMatchObject([{ written: 0 }]);
      expect(await readFile(path(file), "utf8")).toBe(text);
    });
  });
});

describe.each(["sessions.duckdb", "sessions.parquet", "sessions.csv", "sessions.ndjson"])(
  "--full",
  (file) => {
    it(`writes ${file} anew, without what the API no longer has`, async () => {
      await atWork({ generated: recent(COUNT) }, async ({ api, path, done, summary }) => {
        await done(file);
        const removed = api.handle.remove({ nth: 0 });
        expect(removed).toHaveLength(1);
        await done(file);
        expect(lastByKey(await rowsIn(path(file))).length).toBe(COUNT);
        expect(await summary(file, { args: ["--full"] })).toMatchObject([{ written: COUNT - 1 }]);
        expectAll(api, await rowsIn(path(file)));
        letTimePass(api);
        await done(file);
        expectAll(api, lastByKey(await rowsIn(path(file))));
      });
    });

    it(`brings what is older to ${file}, which an earlier start alone does not`, async () => {
      await atWork({ generated: recent(COUNT) }, async ({ api, path, done }) => {
        const since = (days: number) => ["--start-date", `${days}d`];
        await done(file, { args: since(5) });
        const some = await rowsIn(path(file));
        expect(some.length).toBeLessThan(COUNT / 2);
        const { stderr } = await done(file, { args: since(30) });
        expect(stderr).toContain("earlier sessions are not read. Run with --full to bring them too.");
        expect(lastByKey(await rowsIn(path(file))).length).toBe(some.length);
        await done(file, { args: [...since(30), "--full"] });
        expectAll(api, await rowsIn(path(file)));
      });
    });
  },
);
