/** --stream, --select and --segment: what is exported, and where it goes. */
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { expectAll, query, rowsIn } from "./contents.ts";
import { atWork, expectRefused, recent } from "./workplace.ts";

const SEGMENTS = ["--segment", "mobile-visitors", "--segment", "from-campaigns"];

describe("several streams", () => {
  it("are tables of one database, together or one by one, each with its own progress", async () => {
    await atWork({ generated: recent(500) }, async ({ api, path, summary }) => {
      await summary("a.duckdb", { args: [...SEGMENTS, "--stream", "segment_sessions"] });
      const rows = await rowsIn(path("a.duckdb"), "segment_sessions");
      const truth = [...api.handle.truth()].map(({ row }): { isMobile?: unknown } => Object(row));
      expect(rows.filter((row) => row["segmentId"] === "mobile-visitors").length).toBe(
        truth.filter(({ isMobile }) => isMobile === true).length,
      );
      expect(await summary("a.duckdb", { args: SEGMENTS })).toMatchObject([
        { stream: "sessions", table: "sessions", new: 500, sessions: 500 },
        { stream: "segment_sessions", table: "segment_sessions", new: 0, changed: 0, sessions: rows.length },
      ]);
      const tables = await query(path("a.duckdb"), "SELECT table_name AS name FROM duckdb_tables()");
      expect(tables.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["segment_sessions", "sessions"]),
      );
    });
  });

  it("are a file each in another form, with one database beside", async () => {
    await atWork({ generated: recent(300) }, async ({ folder, path, summary }) => {
      await summary("a.csv", { args: SEGMENTS });
      const files = ["a.csv.duckdb", "a.segment_sessions.csv", "a.sessions.csv", "config.json"];
      expect((await readdir(folder)).sort()).toEqual(files);
      expect((await rowsIn(path("a.sessions.csv"))).length).toBe(300);
    });
  });

  it("don't fit through a pipe, and one alone is the path itself", async () => {
    await atWork({ generated: recent(300) }, async (place) => {
      const words = "A pipe takes one stream, and there are 2: sessions, segment_sessions. Name one with";
      await expectRefused(place, "-", words, { args: SEGMENTS });
      await place.done("a.csv", { args: [...SEGMENTS, "--stream", "segment_sessions"] });
      expect((await readdir(place.folder)).sort()).toEqual(["a.csv", "a.csv.duckdb", "config.json"]);
      expect((await rowsIn(place.path("a.csv")))[0]).toHaveProperty("segmentId");
    });
  });

  it.each([
    [["--stream", "visitors"], 'There is no stream "visitors". There are: sessions, segment_sessions.'],
    [["--stream", "segment_sessions"], "The stream segment_sessions needs --segment."],
    [["--select", "city,town"], 'There is no field "town". There are: sessionKey, timestamp, '],
  ])("%j is refused", async (args, words) => {
    await atWork({ generated: recent(1) }, async (place) => {
      await expectRefused(place, "a.csv", words, { args });
      expect(place.api.stats.requests).toBe(0);
    });
  });
});

describe("--select", () => {
  it("brings these columns, the key and the cursor, in the schema's order", async () => {
    await atWork({ generated: recent(250) }, async ({ api, path, done }) => {
      await done("a.csv", { args: ["--select", " userId , city "] });
      await done("a.parquet", { args: ["--select", "city", "--select", "userId"] });
      const text = await readFile(path("a.csv"), "utf8");
      expect(text.split("\r\n", 1)).toEqual(["sessionKey,timestamp,userId,city"]);
      const rows = await rowsIn(path("a.parquet"));
      expect(Object.keys(rows[0] ?? {})).toEqual(["sessionKey", "timestamp", "userId", "city"]);
      expect(rows.length).toBe(250);
      expect(api.log.every(({ body }) => JSON.stringify(body).includes('"select"'))).toBe(true);
    });
  });

  it.each(["a.duckdb", "a.csv"])(
    "later, with fewer or more fields: what %s holds stays, and it is said what is not filled",
    async (file) => {
      await atWork({ generated: recent(250) }, async ({ api, path, done }) => {
        const select = async (fields: string) => {
          const { stderr } = await done(file, { args: ["--select", fields] });
          const { to } = recent(0);
          api.handle.appendGenerated(10, to, to + 30_000);
          return stderr;
        };
        const filled = async (column: string) =>
          (await rowsIn(path(file))).filter((row) => row[column] !== null).length;
        await select("country,duration");
        await select("duration");
        expect(await filled("country")).toBeGreaterThan(200);
        expect(await filled("country")).toBeLessThanOrEqual(250);
        expect(await select("country,os")).toMatch(
          /Nothing stands in os, country for \d+ sessions of earlier exports\. They are filled for what comes from now on; --full fills them for all\.\n/,
        );
        expect(await filled("sessionKey")).toBe(270);
        expect(await filled("os")).toBeGreaterThanOrEqual(10);
        expect(await filled("duration")).toBeGreaterThanOrEqual(260);
        await done(file, { args: ["--full"] });
        expectAll(api, await rowsIn(path(file)));
      });
    },
  );
});
