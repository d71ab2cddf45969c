/** --stream, --select and --segment: what is exported, and where it goes. */
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { expectAll, query, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const SEGMENTS = ["--segment", "mobile-visitors", "--segment", "from-campaigns"];

describe("several streams", () => {
  it("are tables of one database, each with its own progress", async () => {
    await atWork({ generated: recent(500) }, async ({ api, path, summary }) => {
      const streams = await summary("browsee.duckdb", { args: SEGMENTS });
      expect(streams).toMatchObject([
        { stream: "sessions", table: "sessions", new: 500 },
        { stream: "segment_sessions", table: "segment_sessions" },
      ]);
      const rows = await rowsIn(path("browsee.duckdb"), "segment_sessions");
      expect(rows.length).toBe(streams[1]?.["new"]);
      const truth = [...api.handle.truth()].map(({ row }): { isMobile?: unknown } => Object(row));
      expect(rows.filter((row) => row["segmentId"] === "mobile-visitors").length).toBe(
        truth.filter(({ isMobile }) => isMobile === true).length,
      );
      expect(await summary("browsee.duckdb", { args: SEGMENTS })).toMatchObject([
        { new: 0, changed: 0, sessions: 500 },
        { new: 0, changed: 0, sessions: rows.length },
      ]);
    });
  });

  it("go into one DuckDB file one by one too", async () => {
    await atWork({ generated: recent(300) }, async ({ path, done }) => {
      await done("browsee.duckdb", { args: [...SEGMENTS, "--stream", "segment_sessions"] });
      await done("browsee.duckdb", { args: ["--stream", "sessions"] });
      const tables = await query(
        path("browsee.duckdb"),
        "SELECT table_name AS name FROM duckdb_tables() ORDER BY 1",
      );
      expect(tables.map(({ name }) => name)).toEqual([
        "browsee_export_runs",
        "browsee_export_state",
        "segment_sessions",
        "sessions",
      ]);
    });
  });

  it.each(["parquet", "csv", "ndjson"])("are a file each in .%s", async (ending) => {
    await atWork({ generated: recent(300) }, async ({ folder, path, summary }) => {
      await summary(`browsee.${ending}`, { args: SEGMENTS });
      expect((await readdir(folder)).sort()).toEqual(
        [
          `browsee.segment_sessions.${ending}`,
          `browsee.sessions.${ending}`,
          `browsee.${ending}.duckdb`,
          "config.json",
        ].sort(),
      );
      expect((await rowsIn(path(`browsee.sessions.${ending}`))).length).toBe(300);
    });
  });

  it("don't fit through a pipe", async () => {
    await atWork({ generated: recent(1) }, async ({ run }) => {
      const { code, lines, stderr } = await run("-", { args: SEGMENTS });
      expect({ code, lines }).toEqual({ code: 1, lines: [] });
      expect(stderr).toBe(
        "A pipe takes one stream, and there are 2: sessions, segment_sessions. Name one with --stream.\n",
      );
    });
  });
});

describe("--stream", () => {
  it("makes the path itself the file of the only stream", async () => {
    await atWork({ generated: recent(300) }, async ({ folder, path, done }) => {
      await done("some.csv", { args: [...SEGMENTS, "--stream", "segment_sessions"] });
      expect((await readdir(folder)).sort()).toEqual(["config.json", "some.csv", "some.csv.duckdb"]);
      expect((await rowsIn(path("some.csv")))[0]).toHaveProperty("segmentId");
    });
  });

  it.each([
    [["--stream", "visitors"], 'There is no stream "visitors". There are: sessions, segment_sessions.'],
    [["--stream", "segment_sessions"], "The stream segment_sessions needs --segment."],
  ])("%j is refused", async (args, sentence) => {
    await atWork({ generated: recent(1) }, async ({ api, run, folder }) => {
      const { code, stderr } = await run("some.csv", { args });
      expect({ code, stderr }).toEqual({ code: 1, stderr: `${sentence}\n` });
      expect(api.stats.requests).toBe(0);
      expect(await readdir(folder)).toEqual(["config.json"]);
    });
  });
});

describe("--select", () => {
  it.each([
    ["with commas", ["--select", "city,userId"]],
    ["apart", ["--select", "city", "--select", "userId"]],
    ["with spaces", ["--select", " userId , city "]],
  ])("%s: these columns, the key and the cursor, in the schema's order", async (_how, args) => {
    await atWork({ generated: recent(250) }, async ({ api, path, done }) => {
      await done("some.csv", { args });
      await done("some.parquet", { args });
      const text = await readFile(path("some.csv"), "utf8");
      expect(text.split("\r\n", 1)).toEqual(["sessionKey,timestamp,userId,city"]);
      const rows = await rowsIn(path("some.parquet"));
      expect(Object.keys(rows[0] ?? {})).toEqual(["sessionKey", "timestamp", "userId", "city"]);
      expect(rows.length).toBe(250);
      expect(api.log.every(({ body }) => JSON.stringify(body).includes('"select"'))).toBe(true);
    });
  });

  it("of a field that is not there is refused, and all are named", async () => {
    await atWork({ generated: recent(1) }, async ({ run }) => {
      const { code, stderr } = await run("some.csv", { args: ["--select", "city,town"] });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^There is no field "town"\. There are: sessionKey, timestamp, .*domain/);
    });
  });

  it.each(["a.duckdb", "a.csv"])(
    "later, with fewer or more fields: what %s holds stays, and it is said what is not filled",
    async (file) => {
      await atWork({ generated: recent(250) }, async ({ api, path, done, summary }) => {
        const more = () => {
          const { to } = recent(0);
          api.handle.appendGenerated(10, to, to + 30_000);
        };
        await done(file, { args: ["--select", "country,duration"] });
        more();
        await done(file, { args: ["--select", "duration"] });
        const rows = await rowsIn(path(file));
        expect(rows.filter(({ country }) => country === null).length).toBeGreaterThanOrEqual(10);
        expect(rows.filter(({ country }) => country !== null).length).toBeGreaterThan(200);
        more();
        const { stderr } = await done(file, { args: ["--select", "country,os"] });
        expect(stderr).toMatch(
          /Nothing stands in os, country for \d+ sessions of earlier exports\. They are filled for what comes from now on; --full fills them for all\.\n/,
        );
        const wider = await rowsIn(path(file));
        expect(wider.length).toBe(270);
        expect(wider.filter(({ os }) => os !== null).length).toBeGreaterThanOrEqual(10);
        expect(wider.filter(({ duration }) => duration !== null).length).toBeGreaterThanOrEqual(260);
        await summary(file, { args: ["--full"] });
        expectAll(api, await rowsIn(path(file)));
      });
    },
  );
});
