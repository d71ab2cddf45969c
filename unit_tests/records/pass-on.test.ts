import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import schema from "../../schemas/segment_sessions.json";
import sessions from "../../schemas/sessions.json";
import { createKeyMask } from "../../src/browsee/key-mask.ts";
import { parseBody } from "../../src/browsee/parse-body.ts";
import { pickColumns } from "../../src/records/columns.ts";
import { createKeyMaker } from "../../src/records/session-key.ts";
import { createSessionReader } from "../../src/records/session-reader.ts";
import { canonical, emission } from "../../src/sync/emission.ts";

const properties = { ...schema.properties, ...sessions.properties };
const ALL = Object.keys(properties);

function readerOf(configured: readonly string[] = []) {
  const columns = pickColumns(ALL, configured, ["segmentId", "sessionKey", "timestamp"]);
  const keys = createKeyMaker("key");
  return createSessionReader({ properties, columns, keys, constants: { segmentId: 'a"b' } });
}

/** What is written of a row that stands in a body as this text, and what converting it would give. */
function written(json: string, reader = readerOf(), twin = 0) {
  const parsed = parseBody(Buffer.from(`{"exports":{"data":[${json}]}}`), createKeyMask([]));
  const row = JSON.parse(json);
  const sighting = { row, text: parsed.texts[0], ...reader.identify(row) };
  const expected = canonical(reader, sighting, twin);
  return { fresh: emission(reader, sighting, twin), expected, passed: parsed.texts[0] !== undefined };
}

function expectSame({ fresh, expected }: ReturnType<typeof written>): void {
  expect(JSON.parse(fresh.json)).toEqual(JSON.parse(expected.json));
  expect(fresh.data).toEqual(expected.data);
  expect(fresh.nulled).toEqual(expected.nulled);
  expect(fresh.json).not.toContain("\n");
}

const typed = fc.record(
  {
    userId: fc.option(fc.string()),
    name: fc.option(fc.string({ unit: "binary" })),
    timestamp: fc.option(fc.integer({ min: 0, max: 2e12 })),
    isMobile: fc.option(fc.boolean()),
    urls: fc.option(fc.array(fc.option(fc.webUrl()))),
    duration: fc.option(fc.nat()),
  },
  { requiredKeys: [] },
);

describe("a row's own text", () => {
  it("is the record that converting the row gives, whatever is in it", () => {
    const row = fc.oneof(
      typed,
      fc.dictionary(fc.oneof(fc.constantFrom(...ALL, "__proto__"), fc.string()), fc.jsonValue()),
    );
    const columns = fc.oneof(fc.constant([]), fc.subarray(ALL));
    fc.assert(
      fc.property(row, columns, fc.nat(2), (fields, configured, twin) => {
        expectSame(written(JSON.stringify(fields), readerOf(configured), twin));
      }),
      { numRuns: 1000 },
    );
  });

  it("is handed on for a row of the declared types", () => {
    const json = '{"timestamp":1706745600000, "urls":["https://a.example/",null],"isMobile":true,"name":"é"}';
    const { fresh, expected } = written(json);
    expectSame({ fresh, expected, passed: true });
    expect(fresh.json).toContain(json.slice(1));
  });

  it.each([
    ["a name that comes twice", '{"timestamp":1706745600000,"name":"a","name":"b"}'],
    ["a field without a column", '{"timestamp":1706745600000,"plan":"b"}'],
    ["a field called __proto__", '{"timestamp":1706745600000,"__proto__":"b"}'],
    ["a value of another type", '{"timestamp":"1706745600000"}'],
    ["a value that can't be converted", '{"timestamp":1706745600000,"duration":"long"}'],
    ["no fields", "{}"],
  ])("is not handed on for %s", (_what, json) => {
    const row = written(json);
    expect(row.passed).toBe(true);
    expectSame(row);
    expect(row.fresh.json).toBe(row.expected.json);
  });
});
