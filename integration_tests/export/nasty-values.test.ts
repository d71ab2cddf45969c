/** Texts and values that some form could stumble over, in every form. */
import { describe, expect, it } from "@jest/globals";
import { type Row, rowsIn } from "./contents.ts";
import { atWork } from "./workplace.ts";

const START = Date.UTC(2024, 5, 1);

/** Texts that stand in each form as they are. */
const TEXTS = [
  "",
  " ",
  '"',
  '""',
  ",",
  "a,b",
  'He said "hi", and left',
  "line\nbreak",
  "line\r\nbreak",
  "lone\rreturn",
  "\ttab",
  " around ",
  "'; DROP TABLE sessions; --",
  "=1+1",
  "null",
  "NULL",
  "\\N",
  "back\\slash\\",
  "\\ud800",
  "\\\\ud83d",
  "{}",
  "[1]",
  "👩‍👩‍👧 ⭐ नया 日本",
  "\u2028\u2029\ufeff",
  "e\u0301",
  "\u0001\u001f\u007f",
  "x".repeat(70_000),
];

/** Half a character each: no form of UTF-8 has a place for it. */
const HALVES = ["\ud800", "a\udfffb", "\ud83d\ud83d\ude00", "\\\ud83d"];

/** What the API sends of each session, and what stands in a file where that is something else. */
const CASES: readonly (readonly [sent: Row, kept?: Row])[] = [
  ...TEXTS.map((name) => [{ name }] as const),
  ...[...HALVES, "a\0b", "\0"].map((name) => [{ name }, { name: name.toWellFormed() }] as const),
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

describe.each(["s.duckdb", "s.parquet", "s.csv", "s.ndjson"])("%s", (file) => {
  it("keeps texts, lists, numbers and whatever else comes as they are", async () => {
    const starts = CASES.map((_case, at) => START + at);
    starts[0] = Date.UTC(2015, 0, 2);
    const sessions = CASES.map(([sent], at) => ({ timestamp: starts[at], ...sent }));
    await atWork({ sessions: JSON.parse(JSON.stringify(sessions)) }, async ({ path, done }) => {
      await done(file);
      const rows = new Map((await rowsIn(path(file))).map((row) => [row["timestamp"], row]));
      expect(rows.size).toBe(CASES.length);
      for (const [at, [sent, kept = sent]] of CASES.entries())
        expect(rows.get(starts[at])).toMatchObject(kept);
    });
  });
});
