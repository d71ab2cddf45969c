/** `verify` holds a copy against the API, tells what differs and on which days, and mends it. */
import { readdir, rm, stat, writeFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { execute, expectAll, query, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const COUNT = 2000;
const SINCE = { args: ["--start-date", "30d"] };
const MEND = { args: ["--repair", "--prune"] };
/** Of so many pages, to be halved until a page is left. */
const HALVES = Math.ceil(Math.log2(COUNT / 100));

/** Deletes rows that stand beside each other in time. */
function loseSql(rows: number, offset: number): string {
  return `DELETE FROM sessions WHERE sessionKey IN (SELECT sessionKey FROM sessions ORDER BY "timestamp" LIMIT ${rows} OFFSET ${offset})`;
}

describe("a copy in a database", () => {
  it("is whole, in a request or two, also while the set moves beyond it", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, done, verify }) => {
      await done("a.duckdb", SINCE);
      const whole = { stream: "sessions", counted: COUNT, held: COUNT, missing: 0, gone: 0, whole: true };
      const { code, streams } = await verify("a.duckdb");
      expect({ code, streams }).toEqual({ code: 0, streams: [{ ...whole, requests: 2 }] });
      api.handle.setSwitches({ order: "activity" });
      const now = Date.now();
      api.handle.appendGenerated(50, now, now + 1000);
      api.handle.setDrift([{ every: 1, change: 5 }]);
      expect(await verify("a.duckdb")).toMatchObject({ code: 0, streams: [whole] });
    });
  });

  it("lacks one session, which --repair alone writes", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, path, done, verify }) => {
      await done("a.duckdb", SINCE);
      await execute(path("a.duckdb"), loseSql(1, 700));
      const missing = { counted: COUNT, held: COUNT - 1, missing: 1, gone: 0 };
      const found = await verify("a.duckdb", { args: ["--prune"] });
      expect(found).toMatchObject({ code: 2, streams: [{ ...missing, whole: false }] });
      expect(found.stderr).toMatch(/\n {2}20\d\d-\d\d-\d\d {2}1 missing in the copy\n.*--repair/);
      // Of which one sees whether a count of 1,000 is a cap.
      expect(found.streams[0]?.["requests"]).toBeLessThanOrEqual(3 + 2 * HALVES);
      expect((await rowsIn(path("a.duckdb"))).length).toBe(COUNT - 1);
      const mended = await verify("a.duckdb", { args: ["--repair"] });
      expect(mended).toMatchObject({ code: 0, streams: [{ ...missing, whole: true }] });
      expectAll(api, await rowsIn(path("a.duckdb")));
    });
  });

  it("has sessions that are gone at the API, some missing as many, and is mended with what is the user's in it", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, path, done, verify }) => {
      await done("a.duckdb", SINCE);
      const file = path("a.duckdb");
      await execute(
        file,
        `ALTER TABLE sessions ADD COLUMN note VARCHAR; UPDATE sessions SET note = 'mine'; ${loseSql(37, 1500)}`,
      );
      for (let n = 0; n < 37; n += 1) api.handle.remove({ nth: 300 });
      const both = { counted: COUNT - 37, held: COUNT - 37, missing: 37, gone: 37 };
      // As many gone as missing: counts alone do not tell, and that is said.
      expect((await verify("a.duckdb")).code).toBe(0);
      api.handle.remove({ nth: 10 });
      const found = { ...both, counted: COUNT - 38, gone: 38 };
      expect(await verify("a.duckdb")).toMatchObject({ code: 2, streams: [{ ...found, whole: false }] });
      expect(await verify("a.duckdb", MEND)).toMatchObject({ code: 0, streams: [{ ...found, whole: true }] });
      expect(await query(file, "SELECT count(*) AS n FROM sessions WHERE note = 'mine'")).toEqual([
        { n: COUNT - 75 },
      ]);
      expectAll(
        api,
        (await rowsIn(file)).map(({ note: _note, ...row }) => row),
      );
    });
  });
});

describe("a copy whose export was cut off", () => {
  it("is not whole, until the export has come to its end", async () => {
    const failing = { when: { requests: [...Array(500).keys()].map((at) => at + 12) } };
    const faults = [{ ...failing, what: { kind: "status", status: 500 } as const }];
    await atWork({ generated: recent(COUNT), faults }, async ({ api, run, done, verify }) => {
      const config = { retry_deadline_seconds: 0 };
      expect((await run("a.duckdb", { config })).code).toBe(1);
      api.handle.setFaults([]);
      const cut = await verify("a.duckdb", { config: { start_dat: "2024-01-01" } });
      expect(cut.stderr).toContain("fields that are not known, and are ignored: start_dat");
      expect(cut).toMatchObject({ code: 2, streams: [{ missing: 0, gone: 0, whole: false }] });
      expect(cut.stderr).toContain("The export was cut off. Run it again");
      await done("a.duckdb");
      expect(await verify("a.duckdb")).toMatchObject({ code: 0, streams: [{ held: COUNT, whole: true }] });
    });
  });
});

describe("a copy of a crowded time", () => {
  it.each([
    { start: "inclusive", end: "exclusive" },
    { start: "exclusive", end: "inclusive" },
  ] as const)("in which no second is quiet is read session by session, with %j", async (bounds) => {
    const from = Date.UTC(2024, 2, 2);
    const generated = { count: COUNT, from, to: from + 200_000 };
    await atWork({ generated, bounds }, async ({ path, done, verify }) => {
      await done("a.duckdb", { args: ["--start-date", "2024-03-01", "--end-date", "2024-03-10"] });
      await execute(path("a.duckdb"), loseSql(1, 700));
      const { code, streams } = await verify("a.duckdb");
      expect({ code, streams }).toMatchObject({ code: 2, streams: [{ missing: 1, gone: 0 }] });
      expect(streams[0]?.["requests"]).toBeLessThanOrEqual(6 + 1.5 * (COUNT / 100));
    });
  });
});

describe("sessions that agree in every field", () => {
  it("are told apart as export does", async () => {
    const same = { timestamp: Date.now() - 3_600_000, ip: "203.0.113.7", pageCount: 1 };
    await atWork({ sessions: [same, same, same, { ...same, ip: "203.0.113.8" }] }, async (place) => {
      const { api, path, done, verify } = place;
      await done("a.duckdb", SINCE);
      await execute(path("a.duckdb"), loseSql(1, 1));
      const found = { counted: 4, held: 3, missing: 1, gone: 0, whole: true };
      expect(await verify("a.duckdb", MEND)).toMatchObject({ code: 0, streams: [found] });
      expectAll(api, await rowsIn(path("a.duckdb")));
    });
  });
});

describe("a file that is made from a store", () => {
  it("is made anew with what was mended", async () => {
    await atWork({ generated: recent(300) }, async ({ api, path, done, verify }) => {
      await done("a.csv", SINCE);
      await execute(path("a.csv.duckdb"), loseSql(150, 100));
      api.handle.remove({ nth: 5 });
      const found = { held: 150, missing: 150, gone: 1, counted: 299 };
      expect(await verify("a.csv", MEND)).toMatchObject({ code: 0, streams: [found] });
      expectAll(api, await rowsIn(path("a.csv")));
      await done("a.csv");
    });
  });
});

describe("segments", () => {
  it("are verified each", async () => {
    const segments = ["mobile-visitors", "from-campaigns"];
    await atWork({ generated: recent(COUNT) }, async ({ api, path, done, verify }) => {
      await done("a.duckdb", { ...SINCE, config: { segment_ids: segments } });
      const lost = `DELETE FROM segment_sessions WHERE sessionKey = (SELECT max(sessionKey) FROM segment_sessions WHERE segmentId = 'mobile-visitors')`;
      await execute(path("a.duckdb"), lost);
      const removed = api.handle.remove({ nth: 40 }).length;
      const { code, streams } = await verify("a.duckdb", MEND);
      expect({ code, removed }).toEqual({ code: 0, removed: 1 });
      expect(streams).toMatchObject([
        { stream: "sessions", missing: 0, gone: 1 },
        { stream: "segment_sessions", whole: true },
      ]);
      expect(streams[1]?.["missing"]).toBeGreaterThanOrEqual(1);
      const sizes = await query(
        path("a.duckdb"),
        "SELECT segmentId, count(*) AS n FROM segment_sessions GROUP BY ALL ORDER BY ALL",
      );
      expect(sizes.map(({ segmentId }) => segmentId)).toEqual([...segments].sort());
      expect((await verify("a.duckdb")).code).toBe(0);
    });
  });
});

describe("a stream that fails", () => {
  it("does not keep those before it from being told and mended", async () => {
    await atWork({ generated: recent(300) }, async ({ api, path, done, verify }) => {
      await done("a.duckdb", { ...SINCE, config: { segment_ids: ["mobile-visitors"] } });
      await execute(path("a.duckdb"), loseSql(1, 100));
      const refused = { kind: "status", status: 400, words: "No such segment." } as const;
      api.handle.setFaults([
        { when: { matching: ({ segmentId }) => segmentId !== undefined }, what: refused },
      ]);
      const { code, streams, stderr } = await verify("a.duckdb", MEND);
      expect(code).toBe(1);
      expect(streams).toMatchObject([{ stream: "sessions", missing: 1, whole: true }]);
      expect(stderr).toMatch(/1 that were missing.*mobile-visitors.*No such segment/s);
    });
  });
});

describe("an API that filters by another time than the start", () => {
  it.each(["end", "overlap", "shifted"] as const)(
    "by %s: nothing is called missing or gone that is not",
    async (filter) => {
      await atWork({ generated: recent(600), filter, shift: 600 }, async ({ api, path, done, verify }) => {
        api.handle.setSwitches({ filter: "start" });
        await done("a.duckdb", SINCE);
        api.handle.setSwitches({ filter });
        await execute(path("a.duckdb"), loseSql(2, 250));
        api.handle.remove({ nth: 400 });
        api.handle.remove({ nth: 400 });
        api.handle.remove({ nth: 400 });
        const found = { missing: 2, gone: 3, whole: true };
        expect(await verify("a.duckdb", MEND)).toMatchObject({ code: 0, streams: [found] });
        expectAll(api, await rowsIn(path("a.duckdb")));
      });
    },
  );
});

describe("what is no copy of the project", () => {
  it("is refused, and left as it is", async () => {
    await atWork({ generated: recent(3) }, async ({ folder, path, done, verify }) => {
      await done("a.duckdb");
      await execute(path("b.duckdb"), "CREATE TABLE mine AS SELECT 42 AS answer");
      const before = (await readdir(folder)).sort();
      const salted = { session_key_salt: "of another project" };
      expect(await verify("a.duckdb", { config: salted })).toMatchObject({
        code: 1,
        error: "target_unusable",
      });
      expect(await verify("b.duckdb", MEND)).toMatchObject({ code: 1, error: "target_unusable" });
      expect(await verify("c.parquet")).toMatchObject({ code: 1, error: "target_unusable" });
      expect(await verify("a.txt")).toMatchObject({ code: 1, error: "usage" });
      await writeFile(path("empty.duckdb"), "");
      expect(await verify("empty.duckdb")).toMatchObject({ code: 1, error: "target_unusable" });
      expect((await stat(path("empty.duckdb"))).size).toBe(0);
      await rm(path("empty.duckdb"));
      expect((await readdir(folder)).filter((name) => name !== "config.json")).toEqual(
        before.filter((name) => name !== "config.json"),
      );
      expect(await query(path("b.duckdb"), "SHOW TABLES")).toEqual([{ name: "mine" }]);
    });
  });
});
