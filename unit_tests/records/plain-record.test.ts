import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { JSON_STYLES, rewritten } from "../../integration_tests/fake-api/json-style.ts";
import schema from "../../schemas/segment_sessions.json";
import sessions from "../../schemas/sessions.json";
import { createKeyMask } from "../../src/browsee/key-mask.ts";
import { quoteLargeNumbers } from "../../src/browsee/large-numbers.ts";
import { parseBody } from "../../src/browsee/parse-body.ts";
import { pickColumns } from "../../src/records/columns.ts";
import { sentFields } from "../../src/records/field.ts";
import { createKeyMaker } from "../../src/records/session-key.ts";
import { createSessionReader } from "../../src/records/session-reader.ts";
import { contentHash, emission } from "../../src/sync/emission.ts";
import { toText } from "../../src/text.ts";

const properties = { ...schema.properties, ...sessions.properties };
const ALL = Object.keys(properties);
const FIELDS = sentFields(properties);
const T = Date.UTC(2024, 1, 1);

function readerOf(configured: readonly string[] = []) {
  const columns = pickColumns(ALL, configured, ["segmentId", "sessionKey", "timestamp"]);
  const keys = createKeyMaker("key");
  return createSessionReader({ properties, columns, keys, constants: { segmentId: 'a"é' } });
}

/** A row that stands in a body as this text, and the same row parsed. */
function bothOf(json: string, reader = readerOf()) {
  const { rows } = parseBody(Buffer.from(`{"exports":{"data":[${json}]}}`), reader.layout, createKeyMask([]));
  const [row = { fields: {} }] = rows ?? [];
  const parsed = { fields: JSON.parse(quoteLargeNumbers(json)) };
  return {
    row: reader.identify(row),
    parsed: reader.identify(parsed),
    isPlain: row.plain !== undefined,
  };
}

/** What is written of a row is what converting it gives, whether it was parsed or not. */
function expectSame(json: string, reader = readerOf(), twin = 0): boolean {
  const { row, parsed, isPlain } = bothOf(json, reader);
  expect([row.key, row.at]).toEqual([parsed.key, parsed.at]);
  const [fresh, expected] = [emission(reader, row, twin), emission(reader, parsed, twin)];
  expect(JSON.parse(fresh.json)).toEqual(JSON.parse(expected.json));
  expect(fresh.data).toEqual(expected.data);
  expect(fresh.nulled).toEqual(expected.nulled);
  expect(toText(fresh.text)).toBe(fresh.json);
  expect(fresh.json).not.toMatch(/[\n\r]/);
  expect(contentHash(reader, row)).toBe(contentHash(reader, parsed));
  const canonical = row.row.plain && reader.canonical(row.row.plain, row);
  if (canonical !== undefined) expect(toText(canonical)).toBe(emission(reader, parsed, 0).json);
  return isPlain;
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("é", "日", "😀", '"', "\\", "/", "a") }),
  fc.constantFrom("", "x".repeat(9), "x".repeat(10), "é".repeat(99), "y".repeat(5000)),
);
const value = {
  text,
  whole: fc.oneof(fc.nat(), fc.integer({ min: 0, max: 2e12 }), fc.constantFrom(T, 253402300800000)),
  flag: fc.boolean(),
  texts: fc.array(fc.option(text)),
  other: fc.jsonValue(),
};
/** A row of the declared types, with its fields in any order. */
const typed = fc
  .tuple(...FIELDS.map(({ name, kind }) => fc.tuple(fc.constant(name), fc.option<unknown>(value[kind]))))
  .chain((fields) => fc.shuffledSubarray(fields, { minLength: 1 }))
  .map((fields): object => Object.fromEntries(fields));

describe("a row that was not parsed", () => {
  it("has the identity, the record and the content of the same row parsed, whatever is in it", () => {
    const row = fc.oneof(
      { weight: 3, arbitrary: typed },
      {
        weight: 1,
        arbitrary: fc.dictionary(fc.oneof(fc.constantFrom(...ALL, "__proto__"), fc.string()), fc.jsonValue()),
      },
    );
    const columns = fc.oneof(fc.constant([]), fc.subarray(ALL));
    const styles = fc.constantFrom(undefined, ...JSON_STYLES);
    let plain = 0;
    fc.assert(
      fc.property(row, columns, fc.nat(2), styles, (fields, configured, twin, style) => {
        const json = JSON.stringify(fields);
        const written = style === undefined ? json : rewritten(json, style);
        plain += Number(expectSame(written, readerOf(configured), twin));
      }),
      { numRuns: 3000 },
    );
    expect(plain).toBeGreaterThan(600);
  });

  it("is written in the API's own bytes where it has all columns, whatever their order", () => {
    const json = `{"timestamp":${T}, "urls":["https://a.example/",null],"isMobile":true,"name":"é"}`;
    expect(expectSame(json)).toBe(true);
    const reader = readerOf();
    expect(emission(reader, bothOf(json, reader).row, 0).json).toContain(json.slice(1));
  });

  it("keeps its record when others are written behind it", () => {
    const reader = readerOf();
    const long = JSON.stringify("z".repeat(20_000));
    const jsons = Array.from({ length: 50 }, (_, n) => `{"timestamp":${T + n},"name":${long}}`);
    const emissions = jsons.map((json) => emission(reader, bothOf(json, reader).row, 0));
    for (const [n, { json }] of emissions.entries())
      expect(JSON.parse(json)).toMatchObject({ timestamp: T + n });
  });

  it.each([
    ["a field without a column", `{"timestamp":${T},"plan":"b", "name":"a"}`],
    ["fields whose names are numbers", `{"timestamp":${T},"b":1,"10":2,"9":{"x": [1, "]}"]},"name":"a"}`],
    ["a field called __proto__", `{"timestamp":${T},"__proto__":{"a":1}}`],
    ["such a field twice", `{"timestamp":${T},"plan":"b","plan":["c",\n1]}`],
    ["a number in it that a double can't hold", `{"timestamp":${T},"plan":12345678901234567890}`],
    ["more levels than a column takes", `{"timestamp":${T},"plan":${"[".repeat(600)}${"]".repeat(600)}}`],
  ])("may have %s", (_what, json) => {
    expect(expectSame(json)).toBe(true);
    expect(expectSame(json, readerOf(["name"]))).toBe(true);
    expect(expectSame(json, readerOf(["additionalFields"]))).toBe(true);
  });

  it.each([
    ["a name that comes twice", `{"timestamp":${T},"name":"a","name":"b"}`],
    ["a known field whose name is written otherwise", String.raw`{"timestamp":${T},"n\u0061me":"b"}`],
    ["a value of another type", `{"timestamp":"${T}"}`],
    ["a value that can't be converted", `{"timestamp":${T},"duration":"long"}`],
    ["no fields", "{}"],
  ])("is none with %s", (_what, json) => {
    expect(expectSame(json)).toBe(false);
  });
});
