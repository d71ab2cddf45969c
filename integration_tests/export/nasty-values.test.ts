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

function sessionsWith(values: readonly unknown[], field: string): Row[] {
  return values.map((value, at) => ({ timestamp: START + at, [field]: value }));
}

const FORMS = ["s.duckdb", "s.parquet", "s.csv", "s.ndjson"] as const;

async function expectValues(sessions: Row[], file: string, expected: readonly Row[]): Promise<void> {
  const json: never[] = JSON.parse(JSON.stringify(sessions));
  await atWork({ sessions: json }, async ({ path, done }) => {
    await done(file);
    const rows = [...(await rowsIn(path(file)))].sort(
      (a, b) => Number(a["timestamp"]) - Number(b["timestamp"]),
    );
    expect(rows.length).toBe(sessions.length);
    for (const [at, row] of rows.entries()) expect(row).toMatchObject(expected[at] ?? {});
  });
}

describe.each(FORMS)("%s keeps as they are", (file) => {
  it("texts", async () => {
    const sessions = sessionsWith(TEXTS, "name");
    await expectValues(sessions, file, sessions);
  });

  it("lists of texts, empty ones and nulls in them too", async () => {
    const lists = [[], [""], [null], ["a", null, 'b"'], TEXTS, null];
    const sessions = sessionsWith(lists, "tags");
    await expectValues(sessions, file, sessions);
  });

  it("numbers as far as they are exact, and sessions of all times", async () => {
    const sessions = [0, 1, Number.MAX_SAFE_INTEGER, -5, null].map((duration, at) => ({
      timestamp: [START, Date.UTC(2015, 0, 2), START + 1, START + 2, START + 3][at] ?? 0,
      duration,
    }));
    const sorted = [...sessions].sort((a, b) => a.timestamp - b.timestamp);
    await expectValues(sessions, file, sorted);
  });

  it("what the API does not document, whatever it is", async () => {
    const extras = [{ a: 1 }, { deep: { list: [1, "2", null, { x: TEXTS }] } }, { "": "" }, { 'a"b': 1e300 }];
    const sessions = extras.map((extra, at) => ({ timestamp: START + at, extra }));
    const expected = extras.map((extra) => ({ additionalFields: { extra } }));
    await expectValues(sessions, file, expected);
  });

  it("and what has another type than declared, beside the column", async () => {
    const sessions = [
      { timestamp: START, duration: "12" },
      { timestamp: START + 1, duration: "long", isMobile: "maybe", tags: { not: "a list" } },
    ];
    const additionalFields = { duration: "long", isMobile: "maybe", tags: { not: "a list" } };
    const nulled = { duration: null, isMobile: null, tags: null, additionalFields };
    await expectValues(sessions, file, [{ duration: 12 }, nulled]);
  });
});

describe.each(FORMS)("%s takes", (file) => {
  it("halves of characters, and NUL", async () => {
    const values = [...HALVES, "a\0b", "\0"];
    await atWork({ sessions: JSON.parse(JSON.stringify(sessionsWith(values, "name"))) }, async (place) => {
      await place.done(file);
      const rows = await rowsIn(place.path(file));
      expect(rows.length).toBe(values.length);
      const names = rows.map(({ name }) => String(name));
      expect(new Set(names)).toEqual(
        new Set(values.map((text) => text.replace(/\p{Surrogate}/gu, "\ufffd"))),
      );
    });
  });
});
