import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseCsv } from "../../integration_tests/export/parse-csv.ts";
import { csv, ndjson } from "../../src/export/line-form.ts";
import type { Emission } from "../../src/sync/emission.ts";

function emissionOf(data: Readonly<Record<string, unknown>>): Emission {
  const json = JSON.stringify(data);
  return { data, nulled: [], json };
}

describe("CSV", () => {
  it("is what RFC 4180 says, whatever the texts", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({ unit: fc.constantFrom('"', ",", "\r", "\n", " ", "a", "") }),
    );
    const cell = fc.oneof(text, fc.constant(null));
    const columns = ["a", 'b"', "c,d"];
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell), { maxLength: 5 }), (rows) => {
        const batch = rows.map((row) =>
          emissionOf(Object.fromEntries(columns.map((name, at) => [name, row[at] ?? null]))),
        );
        expect(parseCsv(csv.header(columns) + csv.lines(batch, columns))).toEqual([columns, ...rows]);
      }),
    );
  });

  it("tells null from an empty text, and writes lists and objects as JSON", () => {
    const columns = ["none", "empty", "list", "object", "number", "yes", "absent"];
    const data = { none: null, empty: "", list: ["a", null], object: { b: '"' }, number: -0.5, yes: true };
    expect(csv.lines([emissionOf(data)], columns)).toBe(
      ',"","[""a"",null]","{""b"":""\\""""}",-0.5,true,\r\n',
    );
  });
});

describe("NDJSON", () => {
  it("is a line for each session, without a header", () => {
    const data = [{ name: "line\nbreak\u2028" }, { name: null }];
    expect(ndjson.header(["name"])).toBe("");
    const lines = ndjson.lines(data.map(emissionOf), ["name"]);
    expect(lines.split("\n")).toEqual([...data.map((row) => JSON.stringify(row)), ""]);
    expect(ndjson.lines([], ["name"])).toBe("");
  });
});
