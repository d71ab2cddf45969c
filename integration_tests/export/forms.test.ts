/** What each form looks like, and that it holds what the API has. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import schema from "../../schemas/sessions.json";
import { readFrom } from "../connector.ts";
import { expectAll, ndjsonRows, query, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const COLUMNS = Object.keys(schema.properties);

/** By the schema's types: integer, boolean, date-time, list of texts, object; all else is text. */
const TYPES: Readonly<Record<string, string>> = {
  timestamp: "BIGINT",
  startedAt: "TIMESTAMP WITH TIME ZONE",
  tags: "VARCHAR[]",
  duration: "BIGINT",
  activeTime: "BIGINT",
  inactiveTime: "BIGINT",
  pageCount: "BIGINT",
  eventCount: "BIGINT",
  urls: "VARCHAR[]",
  isMobile: "BOOLEAN",
  additionalFields: "JSON",
};

describe("every form", () => {
  it("is there without sessions too", async () => {
    await atWork({ sessions: [] }, async ({ path, summary }) => {
      for (const file of ["a.duckdb", "a.parquet", "a.csv", "a.ndjson"]) {
        expect(await summary(file)).toMatchObject([{ status: "complete", written: 0, first_session: null }]);
        expect(await rowsIn(path(file))).toEqual([]);
      }
    });
  });
});

describe("a DuckDB table", () => {
  it("has the schema's columns in their order, with types and comments", async () => {
    await atWork({ generated: recent(5) }, async ({ path, done }) => {
      await done("sessions.duckdb");
      const columns = await query(
        path("sessions.duckdb"),
        "SELECT column_name AS name, data_type AS type, comment FROM duckdb_columns() WHERE table_name = 'sessions' ORDER BY column_index",
      );
      expect(columns).toEqual(
        Object.entries(schema.properties).map(([name, { description }]) => ({
          name,
          type: TYPES[name] ?? "VARCHAR",
          comment: description,
        })),
      );
      const tables = await query(
        path("sessions.duckdb"),
        "SELECT table_name AS name, comment FROM duckdb_tables() ORDER BY 1",
      );
      const keys = await query(
        path("sessions.duckdb"),
        "SELECT column_name AS name FROM duckdb_columns() WHERE table_name = 'sessions' AND NOT is_nullable",
      );
      expect(keys).toEqual([{ name: "sessionKey" }]);
      expect(tables).toMatchObject([
        { name: "browsee_export_runs", comment: expect.stringContaining("source-browsee") },
        { name: "browsee_export_state", comment: expect.stringContaining("source-browsee") },
        { name: "sessions", comment: schema.description },
      ]);
    });
  });
});

describe("a Parquet file", () => {
  it("has the schema's columns in their order, with types", async () => {
    await atWork({ generated: recent(5) }, async ({ path, done }) => {
      await done("sessions.parquet");
      const columns = await query(":memory:", `DESCRIBE SELECT * FROM '${path("sessions.parquet")}'`);
      expect(columns.map((row) => [row["column_name"], row["column_type"]])).toEqual(
        // Who knows no JSON in Parquet still reads a text.
        COLUMNS.map((name) => [name, name === "additionalFields" ? "VARCHAR" : (TYPES[name] ?? "VARCHAR")]),
      );
    });
  });
});

describe("a CSV file", () => {
  it("begins with the names of its columns, and ends every line with CRLF", async () => {
    await atWork({ generated: recent(3) }, async ({ path, done }) => {
      await done("sessions.csv", { options: { env: { TZ: "America/New_York" } } });
      const text = await readFile(path("sessions.csv"), "utf8");
      expect(text.startsWith(`${COLUMNS.join(",")}\r\n`)).toBe(true);
      expect(text.endsWith("\r\n")).toBe(true);
      for (const { startedAt, timestamp } of await rowsIn(path("sessions.csv")))
        expect(startedAt).toBe(new Date(Number(timestamp)).toISOString());
    });
  });
});

describe("a pipe", () => {
  it("gets the records that a sync would get, and stderr the rest", async () => {
    await atWork({ generated: recent(321) }, async ({ api, done }) => {
      const { lines, stderr } = await done("-");
      expectAll(api, ndjsonRows(`${lines.join("\n")}\n`));
      const { records } = await readFrom(api);
      expect(lines).toEqual(records.map(({ data }) => JSON.stringify(data)));
      expect(stderr).toContain("321 sessions written");
    });
  });
});
