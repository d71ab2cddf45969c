/** What each form looks like, and that it holds what the API has, however odd. */
import { readFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import schema from "../../schemas/sessions.json";
import { readFrom } from "../connector.ts";
import { expectAll, ndjsonRows, query, type Row } from "./contents.ts";
import { ALL_FORMS, atWork, FEW } from "./workplace.ts";

const COLUMNS = Object.keys(schema.properties);
const START = Date.UTC(2024, 5, 1);

/** By the schema's types; a date-time has a type of its own. */
const TYPES = new Map(
  Object.entries({
    integer: "BIGINT",
    boolean: "BOOLEAN",
    array: "VARCHAR[]",
    object: "JSON",
    string: "VARCHAR",
  }),
);

/** Texts that stand in each form as they are. */
const TEXTS = [
  ["", " ", " around ", '"', '""', ",", "a,b", 'He said "hi", and left', "{}", "[1]", "null", "NULL", "\\N"],
  ["line\nbreak", "line\r\nbreak", "lone\rreturn", "\ttab", "\u0001\u001f\u007f", "\u2028\u2029\ufeff"],
  ["'; DROP TABLE sessions; --", "=1+1", "back\\slash\\", "\\ud800", "\\\\ud83d"],
  ["👩‍👩‍👧 ⭐ नया 日本", "e\u0301", "x".repeat(70_000)],
].flat();

/** Half a character each: no form of UTF-8 has a place for it. Then NUL. */
const BROKEN = ["\ud800", "a\udfffb", "\ud83d\ud83d\ude00", "\\\ud83d", "a\0b", "\0"];

/** What the API sends of each session, and what stands in a file where that is something else. */
const CASES: readonly (readonly [sent: Row, kept?: Row])[] = [
  ...TEXTS.map((name) => [{ name }] as const),
  ...BROKEN.map((name) => [{ name }, { name: name.toWellFormed() }] as const),
  ...[[], [""], [null], ["a", null, 'b"'], TEXTS, null].map((tags) => [{ tags }] as const),
  ...[0, 1, Number.MAX_SAFE_INTEGER, -5, null].map((duration) => [{ duration }] as const),
  // What the API does not document, whatever it is.
  ...[{ a: 1 }, { deep: { list: [1, "2", null, { x: TEXTS }] } }, { "": "" }, { 'a"b': 1e300 }].map(
    (extra) => [{ extra }, { additionalFields: { extra } }] as const,
  ),
  // What has another type than declared.
  [{ duration: "12" }, { duration: 12 }],
  ...[{ duration: "long" }, { isMobile: "maybe" }, { tags: { not: "a list" } }].map(
    (sent) => [sent, { [Object.keys(sent).join()]: null, additionalFields: sent }] as const,
  ),
];

describe.each(ALL_FORMS)("%s", (file) => {
  it("keeps texts, lists, numbers and whatever else comes as they are", () => {
    const starts = CASES.map((_case, at) => (at === 0 ? Date.UTC(2015, 0, 2) : START + at));
    const sessions = CASES.map(([sent], at) => ({ timestamp: starts[at], ...sent }));
    return atWork({ sessions: JSON.parse(JSON.stringify(sessions)) }, async ({ done, rows }) => {
      await done(file);
      const found = new Map((await rows(file)).map((row) => [row["timestamp"], row]));
      expect(found.size).toBe(CASES.length);
      for (const [at, [sent, kept = sent]] of CASES.entries())
        expect(found.get(starts[at])).toMatchObject(kept);
    });
  });

  it("is there without sessions too", () =>
    atWork({ sessions: [] }, async ({ rows, summary }) => {
      expect(await summary(file)).toMatchObject([{ status: "complete", written: 0, first_session: null }]);
      expect(await rows(file)).toEqual([]);
    }));
});

it("The schema's columns stand in a table and in a Parquet file in their order, with types and comments", () =>
  atWork(FEW, async (place) => {
    await place.done("a.duckdb");
    const ask = (sql: string) => place.query("a.duckdb", sql);
    const columns = await ask(
      "SELECT column_name AS name, data_type AS type, comment, is_nullable FROM duckdb_columns() WHERE table_name = 'sessions' ORDER BY column_index",
    );
    expect(columns).toEqual(
      Object.entries(schema.properties).map(([name, { type, description }]) => ({
        name,
        type: name === "startedAt" ? "TIMESTAMP WITH TIME ZONE" : TYPES.get([type].flat()[0] ?? ""),
        comment: description,
        is_nullable: name !== "sessionKey",
      })),
    );
    const ours = expect.stringContaining("source-browsee");
    expect(await ask("SELECT table_name AS name, comment FROM duckdb_tables() ORDER BY 1")).toEqual([
      { name: "browsee_export_files", comment: ours },
      { name: "browsee_export_runs", comment: ours },
      { name: "browsee_export_state", comment: ours },
      { name: "sessions", comment: schema.description },
    ]);
    await place.done("a.parquet");
    const inParquet = await query(":memory:", `DESCRIBE SELECT * FROM '${place.path("a.parquet")}'`);
    expect(inParquet.map((row) => [row["column_name"], row["column_type"]])).toEqual(
      // Who knows no JSON in Parquet still reads a text.
      columns.map(({ name, type }) => [name, type === "JSON" ? "VARCHAR" : type]),
    );
  }));

it("The schema's columns begin a CSV file, whose lines end with CRLF and whose times are UTC", () =>
  atWork(FEW, async ({ path, done, rows }) => {
    await done("a.csv", { options: { env: { TZ: "America/New_York" } } });
    const text = await readFile(path("a.csv"), "utf8");
    expect(text.startsWith(`${COLUMNS.join(",")}\r\n`)).toBe(true);
    expect(text.endsWith("\r\n")).toBe(true);
    for (const { startedAt, timestamp } of await rows("a.csv"))
      expect(startedAt).toBe(new Date(Number(timestamp)).toISOString());
  }));

it("A pipe gets the records that a sync would get, and stderr the rest", () =>
  atWork(FEW, async ({ api, done }) => {
    const { lines, stderr } = await done("-");
    expectAll(api, ndjsonRows(`${lines.join("\n")}\n`));
    const { records } = await readFrom(api);
    expect(lines).toEqual(records.map(({ data }) => JSON.stringify(data)));
    expect(stderr).toContain("120 sessions written");
  }));
