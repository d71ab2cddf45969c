/** `verify` on a copy of 50,000 sessions, and where the API filters by another time than the start. */
import { copyFile } from "node:fs/promises";
import { expect, it, jest } from "@jest/globals";
import { atWork, recent } from "./workplace.ts";

jest.setTimeout(600_000);
const COUNT = 50_000;
/** To a page out of all, both halves each time. */
const A_PLACE = 2 * Math.log2(COUNT / 100);
const MEND = { args: ["--repair", "--prune"] };

const KEYS = 'SELECT sessionKey FROM sessions ORDER BY "timestamp"';
const DAY = `SELECT epoch_ms("timestamp")::DATE FROM sessions ORDER BY "timestamp" OFFSET 16666 LIMIT 1`;

const ONE = `sessionKey IN (${KEYS} OFFSET 18561 LIMIT 1)`;
const SOME = `sessionKey IN (${KEYS} OFFSET 35000 LIMIT 37)`;
const ROW: readonly number[] = Array.from({ length: 500 }, () => 6000);
const SPREAD = ROW.map((_nth, n) => n * 95);

/** What goes from the copy, which sessions go from the API's set (by rank), the places that differ, pages to read. */
const HARMS = [
  ["one session missing", ONE, [], 1, 1],
  ["37 missing in one hour", SOME, [], 2, 2],
  ["a whole day missing", `epoch_ms("timestamp")::DATE = (${DAY})`, [], 2, 1.5 * (COUNT / 30 / 100)],
  ["500 gone one after another", "false", ROW, 2, 10],
  // Less than what it costs to look at each of the pages that they are in.
  ["500 gone here and there", "false", SPREAD, COUNT / 100 / A_PLACE, (1.2 * COUNT) / 100],
] as const;

it("A copy of 50,000 sessions is whole, also while the set moves beyond it; what is harmed is found and mended", () =>
  atWork({ generated: recent(COUNT, 30) }, async ({ api, path, done, execute, query, verify }) => {
    await done("whole.duckdb", { args: ["--start-date", "40d"] });
    const held = async () => Number((await query("a.duckdb", "SELECT count(*) n FROM sessions"))[0]?.["n"]);
    api.handle.setDrift([{ every: 1, change: 20 }]);
    // After the export, however fast that was.
    const now = Date.now();
    api.handle.appendGenerated(500, now, now + 20_000);
    for (const order of ["ascending", "activity", "random"] as const) {
      api.handle.setSwitches({ order });
      const whole = await verify("whole.duckdb");
      expect(whole).toMatchObject({ code: 0, streams: [{ counted: COUNT, held: COUNT, whole: true }] });
      expect(whole.streams[0]?.["requests"]).toBeLessThanOrEqual(2);
    }
    let all = COUNT;
    for (const [what, lost, gone, places, pages] of HARMS) {
      await copyFile(path("whole.duckdb"), path("a.duckdb"));
      await execute("a.duckdb", `DELETE FROM sessions WHERE ${lost}`);
      for (const nth of gone) expect(api.handle.remove({ nth })).toHaveLength(1);
      const before = await held();
      const found = { held: before, counted: all - gone.length, missing: all - before, gone: gone.length };
      all -= gone.length;
      const seen = await verify("a.duckdb");
      expect({ what, ...seen }).toMatchObject({ what, code: 2, streams: [{ ...found, whole: false }] });
      expect(seen.streams[0]?.["requests"]).toBeLessThanOrEqual(5 + places * A_PLACE + pages);
      expect(await verify("a.duckdb", MEND)).toMatchObject({ code: 0, streams: [{ whole: true }] });
      expect(await held()).toBe(all);
      await copyFile(path("a.duckdb"), path("whole.duckdb"));
    }
  }));

it.each(["end", "overlap", "shifted"] as const)(
  "If the API filters by %s, nothing is called missing or gone that is not",
  (filter) =>
    atWork({ generated: recent(600), shift: 600 }, async ({ api, done, execute, verify, whole }) => {
      await done("a.duckdb", { args: ["--start-date", "30d"] });
      api.handle.setSwitches({ filter });
      await execute("a.duckdb", `DELETE FROM sessions WHERE sessionKey IN (${KEYS} LIMIT 2 OFFSET 250)`);
      for (let n = 0; n < 3; n += 1) api.handle.remove({ nth: 400 });
      const found = { missing: 2, gone: 3, whole: true };
      expect(await verify("a.duckdb", MEND)).toMatchObject({ code: 0, streams: [found] });
      await whole("a.duckdb");
    }),
);
