/** --stream, --select and --segment: what is exported, and where it goes. */
import { readFile } from "node:fs/promises";
import { expect, it } from "@jest/globals";
import { atWork, expectRefused, FORMS, recent } from "./workplace.ts";

const SEGMENTS = ["--segment", "mobile-visitors", "--segment", "from-campaigns"];
const SOME = { generated: recent(300) };

it("Several streams are tables of one database, together or one by one, each with its own progress", () =>
  atWork(SOME, async ({ api, rows, summary }) => {
    await summary("a.duckdb", { args: [...SEGMENTS, "--stream", "segment_sessions"] });
    const segments = await rows("a.duckdb", "segment_sessions");
    const truth = [...api.handle.truth()].map(({ row }): { isMobile?: unknown } => Object(row));
    const mobile = segments.filter(({ segmentId }) => segmentId === "mobile-visitors");
    expect(mobile.length).toBe(truth.filter(({ isMobile }) => isMobile === true).length);
    expect(await summary("a.duckdb", { args: SEGMENTS })).toMatchObject([
      { table: "sessions", new: 300, sessions: 300 },
      { table: "segment_sessions", new: 0, changed: 0, sessions: segments.length },
    ]);
    expect((await rows("a.duckdb")).length).toBe(300);
  }));

it("Several streams are a file each in another form, one alone is the path itself, and none fit a pipe", () =>
  atWork(SOME, async (place) => {
    const words = "A pipe takes one stream, and there are 2: sessions, segment_sessions. Name one with";
    await expectRefused(place, "-", words, { args: SEGMENTS });
    await place.done("a.x.csv", { args: SEGMENTS });
    await place.done("b.csv", { args: [...SEGMENTS, "--stream", "segment_sessions"] });
    const ofSeveral = ["a.x.csv.duckdb", "a.x.segment_sessions.csv", "a.x.sessions.csv"];
    expect(await place.files()).toEqual([...ofSeveral, "b.csv", "b.csv.duckdb"]);
    expect((await place.rows("a.x.sessions.csv")).length).toBe(300);
    expect((await place.rows("b.csv"))[0]).toHaveProperty("segmentId");
  }));

it("--select brings these columns, the key and the cursor, in the schema's order", () =>
  atWork(SOME, async ({ api, path, done, rows }) => {
    await done("a.csv", { args: ["--select", " userId , city "] });
    await done("a.parquet", { args: ["--select", "city", "--select", "userId"] });
    const text = await readFile(path("a.csv"), "utf8");
    expect(text.split("\r\n", 1)).toEqual(["sessionKey,timestamp,userId,city"]);
    const found = await rows("a.parquet");
    expect(Object.keys(found[0] ?? {})).toEqual(["sessionKey", "timestamp", "userId", "city"]);
    expect(found.length).toBe(300);
    expect(api.log.every(({ body }) => JSON.stringify(body).includes('"select"'))).toBe(true);
  }));

it.each(FORMS)("--select with other fields keeps what %s holds, and it is said what is not filled", (file) =>
  atWork(SOME, async ({ done, grow, rows, brings }) => {
    const select = async (fields: string) => {
      const { stderr } = await done(file, { args: ["--select", fields] });
      grow(10);
      return stderr;
    };
    const filled = async (column: string) => (await rows(file)).filter((row) => row[column] !== null).length;
    await select("country,duration");
    await select("duration");
    expect(await filled("country")).toBeGreaterThan(250);
    expect(await filled("country")).toBeLessThanOrEqual(300);
    const told = await select("country,os");
    const fills = "They are filled for what comes from now on; --full fills them for all.";
    expect(told).toContain(`Nothing stands in os for 310 sessions of earlier exports. ${fills}\n`);
    expect(told).toMatch(/Nothing stands in country for \d\d sessions of earlier exports\./);
    expect(await filled("sessionKey")).toBe(320);
    expect(await filled("os")).toBeGreaterThanOrEqual(10);
    expect(await filled("duration")).toBeGreaterThanOrEqual(310);
    await brings(file, { args: ["--full"] });
  }),
);

it("What all columns lack is told after exports that brought one each, and of a column that was dropped", () =>
  atWork(SOME, async ({ done, execute, query }) => {
    for (const column of ["city", "userId"]) await done("a.duckdb", { args: ["--select", column] });
    const { stderr } = await done("a.duckdb");
    expect(stderr).toMatch(
      /Nothing stands in startedAt, [\w, ]+, additionalFields for 300 sessions of earlier /,
    );
    expect((await done("a.duckdb")).stderr).not.toContain("Nothing stands in");
    await execute("a.duckdb", "ALTER TABLE sessions DROP COLUMN city");
    expect((await done("a.duckdb")).stderr).toContain("Nothing stands in city for 300 sessions of earlier");
    const sql = "SELECT data_type AS type, comment FROM duckdb_columns() WHERE column_name = 'city'";
    const city = { type: "VARCHAR", comment: expect.stringMatching(/\w/) };
    expect(await query("a.duckdb", sql)).toEqual([city]);
  }));
