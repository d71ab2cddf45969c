/** `verify` on a copy of 100,000 sessions: what is found and mended, in how many requests. */
import { copyFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { execute, query } from "./contents.ts";
import { atWork, recent, type Workplace } from "./workplace.ts";

const COUNT = 100_000;
/** To a page out of all, both halves each time. */
const A_PLACE = 2 * Math.log2(COUNT / 100);
const MEND = { args: ["--repair", "--prune"] };

const KEYS = 'SELECT sessionKey FROM sessions ORDER BY "timestamp"';
const DAY = `SELECT epoch_ms("timestamp")::DATE FROM sessions ORDER BY "timestamp" OFFSET 33333 LIMIT 1`;

interface Harm {
  readonly what: string;
  /** Done to the copy. */
  readonly sql?: string;
  /** Done to the API's set: sessions that go, by rank. */
  readonly gone?: readonly number[];
  /** Places that differ. */
  readonly places: number;
  /** Pages that have to be read. */
  readonly pages: number;
}

const HARMS: readonly Harm[] = [
  {
    what: "one session missing",
    sql: `DELETE FROM sessions WHERE sessionKey IN (${KEYS} OFFSET 37123 LIMIT 1)`,
    places: 1,
    pages: 1,
  },
  {
    what: "37 missing in one hour",
    sql: `DELETE FROM sessions WHERE sessionKey IN (${KEYS} OFFSET 70000 LIMIT 37)`,
    places: 2,
    pages: 2,
  },
  {
    what: "a whole day missing",
    sql: `DELETE FROM sessions WHERE epoch_ms("timestamp")::DATE = (${DAY})`,
    places: 2,
    pages: 1.5 * (COUNT / 30 / 100),
  },
  {
    what: "500 gone one after another",
    gone: Array.from({ length: 500 }, () => 12_000),
    places: 2,
    pages: 10,
  },
  {
    what: "500 gone here and there",
    gone: Array.from({ length: 500 }, (_, n) => n * 190),
    // Less than what it costs to look at each of the pages that they are in.
    places: COUNT / 100 / A_PLACE,
    pages: (1.2 * COUNT) / 100,
  },
];

async function harm({ api, path }: Workplace, file: string, { sql, gone = [] }: Harm): Promise<void> {
  await copyFile(path("whole.duckdb"), path(file));
  if (sql !== undefined) await execute(path(file), sql);
  for (const nth of gone) expect(api.handle.remove({ nth })).toHaveLength(1);
}

describe("a copy of 100,000 sessions", () => {
  it("is whole, and stays so while the set moves beyond it; what is harmed is found and mended", async () => {
    await atWork({ generated: recent(COUNT, 30) }, async (place) => {
      const { api, path, done, verify } = place;
      await done("whole.duckdb", { args: ["--start-date", "40d"] });
      const held = async (file: string) =>
        Number((await query(path(file), "SELECT count(*) AS n FROM sessions"))[0]?.["n"]);
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
      for (const each of HARMS) {
        const { what, gone = [], places, pages } = each;
        await harm(place, "a.duckdb", each);
        const before = await held("a.duckdb");
        const missing = all - before;
        all -= gone.length;
        const found = { held: before, counted: all, missing, gone: gone.length };
        const seen = await verify("a.duckdb");
        expect({ what, ...seen }).toMatchObject({ what, code: 2, streams: [{ ...found, whole: false }] });
        const requests = Number(seen.streams[0]?.["requests"]);
        expect(requests).toBeLessThanOrEqual(5 + places * A_PLACE + pages);
        expect(await verify("a.duckdb", MEND)).toMatchObject({ code: 0, streams: [{ whole: true }] });
        expect(await held("a.duckdb")).toBe(all);
        await copyFile(path("a.duckdb"), path("whole.duckdb"));
      }
    });
  }, 600_000);
});
