/** `verify` holds a copy against the API, tells what differs and on which days, and mends it. */
import { appendFile, rm, stat, writeFile } from "node:fs/promises";
import { expect, it } from "@jest/globals";
import { atWork, FEW, recent } from "./workplace.ts";

const COUNT = 2000;
const MANY = { generated: recent(COUNT) };
const SINCE = { args: ["--start-date", "30d"] };
const MEND = { args: ["--repair", "--prune"] };
const SEGMENTS = { segment_ids: ["from-campaigns", "mobile-visitors"] };
/** Of so many pages, to be halved until a page is left. */
const HALVES = Math.ceil(Math.log2(COUNT / 100));

/** Deletes rows that stand beside each other in time. */
function loseSql(rows: number, offset: number): string {
  return `DELETE FROM sessions WHERE sessionKey IN (SELECT sessionKey FROM sessions ORDER BY "timestamp" LIMIT ${rows} OFFSET ${offset})`;
}

it("A copy is whole in two requests; --repair alone writes what it lacks, --prune deletes what is gone", () =>
  atWork(MANY, async ({ api, done, execute, query, rows, verify, whole }) => {
    const lose = (count: number, offset: number) => execute("a.csv.duckdb", loseSql(count, offset));
    await done("a.csv", SINCE);
    await execute(
      "a.csv.duckdb",
      "ALTER TABLE sessions ADD COLUMN note VARCHAR; UPDATE sessions SET note = 'mine'",
    );
    const all = { stream: "sessions", counted: COUNT, held: COUNT, missing: 0, gone: 0, whole: true };
    const { code, streams } = await verify("a.csv");
    expect({ code, streams }).toEqual({ code: 0, streams: [{ ...all, requests: 2 }] });

    await lose(1, 700);
    const missing = { ...all, held: COUNT - 1, missing: 1 };
    const found = await verify("a.csv", { args: ["--prune"] });
    expect(found).toMatchObject({ code: 2, streams: [{ ...missing, whole: false }] });
    expect(found.stderr).toMatch(/\n {2}20\d\d-\d\d-\d\d {2}1 missing in the copy\n.*--repair/);
    // Of which one sees whether a count of 1,000 is a cap.
    expect(found.streams[0]?.["requests"]).toBeLessThanOrEqual(3 + 2 * HALVES);
    expect((await rows("a.csv.duckdb")).length).toBe(COUNT - 1);
    expect(await verify("a.csv", { args: ["--repair"] })).toMatchObject({ code: 0, streams: [missing] });
    await whole("a.csv");

    await lose(37, 1500);
    for (let n = 0; n < 37; n += 1) api.handle.remove({ nth: 300 });
    // As many gone as missing: counts alone do not tell.
    expect((await verify("a.csv")).code).toBe(0);
    api.handle.remove({ nth: 10 });
    const both = { ...all, counted: COUNT - 38, held: COUNT - 37, missing: 37, gone: 38 };
    expect(await verify("a.csv")).toMatchObject({ code: 2, streams: [{ ...both, whole: false }] });
    expect(await verify("a.csv", MEND)).toMatchObject({ code: 0, streams: [both] });
    const kept = "SELECT count(*) AS n FROM sessions WHERE note = 'mine'";
    expect(await query("a.csv.duckdb", kept)).toEqual([{ n: COUNT - 76 }]);
    await whole("a.csv");
    await done("a.csv");

    api.handle.setSwitches({ order: "activity" });
    api.handle.appendGenerated(50, Date.now(), Date.now() + 1000);
    api.handle.setDrift([{ every: 1, change: 5 }]);
    expect(await verify("a.csv")).toMatchObject({ code: 0, streams: [{ missing: 0, gone: 0, whole: true }] });
  }));

it("A copy whose export was cut off is not whole, until that has come to its end", () => {
  const requests = [...Array(500).keys()].map((at) => at + 12);
  const faults = [{ when: { requests }, what: { kind: "status", status: 500 } as const }];
  return atWork({ ...MANY, faults }, async ({ api, fails, done, verify }) => {
    await fails("a.duckdb", "Browsee", { config: { retry_deadline_seconds: 0 } });
    api.handle.setFaults([]);
    const cut = await verify("a.duckdb", { config: { start_dat: "2024-01-01" } });
    expect(cut).toMatchObject({ code: 2, streams: [{ missing: 0, gone: 0, whole: false }] });
    for (const words of ["and are ignored: start_dat", "The export was cut off. Run it again"])
      expect(cut.stderr).toContain(words);
    await done("a.duckdb");
    expect(await verify("a.duckdb")).toMatchObject({ code: 0, streams: [{ held: COUNT, whole: true }] });
  });
});

it("A copy of a time in which no second is quiet is read session by session", () => {
  const from = Date.UTC(2024, 2, 2);
  const generated = { count: COUNT, from, to: from + 200_000 };
  const bounds = { start: "exclusive", end: "inclusive" } as const;
  return atWork({ generated, bounds }, async ({ done, execute, verify }) => {
    await done("a.duckdb", { args: ["--start-date", "2024-03-01", "--end-date", "2024-03-10"] });
    await execute("a.duckdb", loseSql(1, 700));
    const { code, streams } = await verify("a.duckdb");
    expect({ code, streams }).toMatchObject({ code: 2, streams: [{ missing: 1, gone: 0 }] });
    expect(streams[0]?.["requests"]).toBeLessThanOrEqual(6 + 1.5 * (COUNT / 100));
  });
});

it("A copy tells sessions apart that agree in every field, as export does", () => {
  const same = { timestamp: Date.now() - 3_600_000, ip: "203.0.113.7", pageCount: 1 };
  const sessions = [same, same, same, { ...same, ip: "203.0.113.8" }];
  return atWork({ sessions }, async ({ done, execute, verify, whole }) => {
    await done("a.duckdb", SINCE);
    await execute("a.duckdb", loseSql(1, 1));
    const found = { counted: 4, held: 3, missing: 1, gone: 0, whole: true };
    expect(await verify("a.duckdb", MEND)).toMatchObject({ code: 0, streams: [found] });
    await whole("a.duckdb");
  });
});

it("Segments are verified each, and one that fails keeps no stream before it from being told and mended", () =>
  atWork(FEW, async ({ api, done, execute, query, verify }) => {
    await done("a.duckdb", { ...SINCE, config: SEGMENTS });
    const last = `SELECT arg_max(sessionKey, "timestamp") FROM segment_sessions WHERE segmentId = 'mobile-visitors'`;
    await execute(
      "a.duckdb",
      `DELETE FROM segment_sessions WHERE sessionKey = (${last}); ${loseSql(1, 100)}`,
    );
    const what = { kind: "status", status: 400, words: "No such segment." } as const;
    const matching = ({ segmentId }: { readonly segmentId?: unknown }) => segmentId === "mobile-visitors";
    api.handle.setFaults([{ when: { matching }, what }]);
    const failed = await verify("a.duckdb", MEND);
    expect(failed).toMatchObject({ code: 1, streams: [{ stream: "sessions", missing: 1, whole: true }] });
    expect(failed.stderr).toMatch(/1 that were missing.*mobile-visitors.*No such segment/s);

    api.handle.setFaults([]);
    expect(api.handle.remove({ nth: 40 })).toHaveLength(1);
    const { code, streams } = await verify("a.duckdb", MEND);
    const sessions = { stream: "sessions", missing: 0, gone: 1 };
    const segments = { stream: "segment_sessions", whole: true };
    expect({ code, streams }).toMatchObject({ code: 0, streams: [sessions, segments] });
    expect(streams[1]?.["missing"]).toBeGreaterThanOrEqual(1);
    const held = await query("a.duckdb", "SELECT DISTINCT segmentId FROM segment_sessions ORDER BY 1");
    expect(held.map(({ segmentId }) => segmentId)).toEqual(SEGMENTS.segment_ids);
    expect((await verify("a.duckdb")).code).toBe(0);
  }));

it("Rows that somebody has doubled are told, and count once", () =>
  atWork(FEW, async ({ done, execute, verify }) => {
    await done("a.duckdb", SINCE);
    await execute("a.duckdb", "INSERT INTO sessions FROM sessions LIMIT 3");
    const { code, streams, stderr } = await verify("a.duckdb");
    const all = { stream: "sessions", counted: 120, held: 120, missing: 0, gone: 0 };
    expect({ code, streams }).toEqual({ code: 0, streams: [{ ...all, requests: 2, whole: true }] });
    expect(stderr).toContain("sessions: 3 rows have the key of another one: somebody has put them in.");
    expect(stderr).not.toContain("by another time");
  }));

it("A file that somebody has changed keeps everything from being mended; one that was deleted is made anew", () =>
  atWork(FEW, async ({ path, done, execute, files, rows, verify, whole }) => {
    const args = ["--segment", "mobile-visitors"];
    await done("a.csv", { ...SINCE });
    await done("b.csv", { args: [...SINCE.args, ...args] });
    for (const [file, copy] of [
      ["a.csv", "a.csv"],
      ["b.csv", "b.sessions.csv"],
    ] as const) {
      await execute(`${file}.duckdb`, loseSql(1, 50));
      await appendFile(path(copy), "more\n");
      expect(await verify(file, MEND)).toMatchObject({ code: 1, streams: [], error: "target_unusable" });
      expect((await rows(`${file}.duckdb`)).length).toBe(119);
      await rm(path(copy));
      expect((await verify(file, MEND)).code).toBe(0);
      await whole(copy);
      await rm(path(copy));
      // Who names the database alone is asked for no file.
      expect((await verify(`${file}.duckdb`, MEND)).code).toBe(0);
      expect(await files()).not.toContain(copy);
      expect((await verify(file, MEND)).code).toBe(0);
      await whole(copy);
    }
  }));

it("What is no copy of the project is refused, and left as it is", () =>
  atWork(FEW, async ({ path, done, execute, files, query, verify }) => {
    await done("a.duckdb");
    await execute("b.duckdb", "CREATE TABLE mine AS SELECT 42 AS answer");
    await writeFile(path("empty.duckdb"), "");
    const salted = { config: { session_key_salt: "of another project" } };
    for (const [file, error, choice] of [
      ["a.duckdb", "target_unusable", salted],
      ["b.duckdb", "target_unusable", MEND],
      ["c.parquet", "target_unusable", {}],
      ["empty.duckdb", "target_unusable", {}],
      ["a.txt", "usage", {}],
    ] as const)
      expect(await verify(file, choice)).toMatchObject({ code: 1, error });
    expect((await verify("-")).stderr).toMatch(/^"-" is no copy/);
    expect(await files()).toEqual(["a.duckdb", "b.duckdb", "empty.duckdb"]);
    expect((await stat(path("empty.duckdb"))).size).toBe(0);
    expect(await query("b.duckdb", "SHOW TABLES")).toEqual([{ name: "mine" }]);
  }));
