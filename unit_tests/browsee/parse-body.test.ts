import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createKeyMask } from "../../src/browsee/key-mask.ts";
import { quoteLargeNumbers } from "../../src/browsee/large-numbers.ts";
import { parseBody } from "../../src/browsee/parse-body.ts";

const KEY = "demo-api-key-0123456789";
const mask = createKeyMask([KEY]);
const NASTY = [
  "},{",
  '"data":[{',
  '"',
  "\\",
  "{",
  "]",
  "\n",
  "\u2028",
  "é",
  "日本",
  "😀",
  "\ud800",
  "12.0",
  ",",
  "0",
  ":",
];

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(...NASTY) }),
  fc.string({ unit: "binary" }),
);
const value = fc.oneof(
  text,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(null, true, false, [], {}, [{}], [{ a: 1 }, { b: [2] }], { data: [{ a: 1 }, 0] }),
  fc.array(text),
);
const row = fc.dictionary(fc.oneof(text, fc.constantFrom("userId", "timestamp", "__proto__")), value);

/** Next to the rows there is mostly nothing that a row could be mistaken for. */
const more = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.dictionary(fc.string({ unit: "grapheme" }), fc.oneof(fc.nat(), fc.constant(null))),
  },
  { weight: 1, arbitrary: fc.dictionary(text, value) },
);

/** An answer, laid out in a way that an API may have. */
const body = fc
  .record({
    rows: fc.oneof({ weight: 5, arbitrary: fc.array(row) }, { weight: 1, arbitrary: fc.array(value) }),
    before: more,
    behind: more,
    indent: fc.constantFrom(0, 0, 0, 1, "\t"),
  })
  .map(({ rows, before, behind, indent }) => {
    const exports = { ...behind, total: rows.length, data: rows, ...before };
    return JSON.stringify({ ...before, exports, ...behind }, null, indent);
  });

function parse(json: string) {
  return parseBody(Buffer.from(json), mask);
}

function rowsOf(parsed: unknown): readonly unknown[] {
  return JSON.parse(JSON.stringify(parsed)).exports.data;
}

describe("parseBody", () => {
  it("reads a body as JSON.parse does, whatever is in it, and gives rows their own texts", () => {
    fc.assert(
      fc.property(body, (json) => {
        const parsed = parse(json);
        expect(parsed.value).toEqual(JSON.parse(quoteLargeNumbers(json)));
        for (const [n, own] of parsed.texts.entries()) {
          if (own === undefined) continue;
          expect(own.json).not.toMatch(/[\n\r]/);
          expect(JSON.parse(own.json)).toEqual(rowsOf(parsed.value)[n]);
          expect(json).toContain(own.json);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("gives every row its text where all are of one line, with whole numbers and letters as they are", () => {
    const simple = fc.oneof(
      text,
      fc.nat(),
      fc.constantFrom(null, true, [], [{ a: 1 }, {}], { a: [1] }),
      fc.array(text),
    );
    const rows = fc
      .array(fc.dictionary(text, simple), { minLength: 1 })
      .filter((list) => !JSON.stringify(list).includes("\\u"));
    fc.assert(
      fc.property(rows, (list) => {
        const { texts } = parse(JSON.stringify({ status: "success", exports: { total: 1, data: list } }));
        expect(texts.map((own) => own?.json)).toEqual(list.map((one) => JSON.stringify(one)));
        expect(texts.map((own) => own?.fields)).toEqual(list.map((one) => Object.keys(one).length));
      }),
    );
  });

  it("takes what is cut off for what it is", () => {
    fc.assert(
      fc.property(body, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (json, part) => {
        const cut = json.slice(0, Math.floor(json.length * part));
        expect(parse(cut)).toEqual({ value: undefined, texts: [] });
      }),
    );
  });

  it.each([
    ["two lists", '{"exports":{"data":[{"a":1}],"more":[{"b":2}]}}'],
    ["rows elsewhere", '{"elsewhere":{"data":[{"a":1}]},"exports":{"data":[]}}'],
    ["what stands for rows", '{"elsewhere":{"data":[{"a":1}]},"exports":{"data":["the rows"]}}'],
    [
      "what stands for rows, escaped",
      '{"elsewhere":{"data":[{"a":1}]},"exports":{"data":["\\u0074he rows"]}}',
    ],
    ["a list with one value in another place", '{"elsewhere":{"data":[{"a":1}]},"exports":{"data":[0]}}'],
    ["a name that comes twice", '{"exports":{"data":[{"a":1}],"data":[{"b":1}]}}'],
    ["a name that comes twice, and a value the second time", '{"exports":{"data":[{"a":1}],"data":[0]}}'],
    ["lists as rows", '{"exports":{"data":[[1],[2]]}}'],
    ["a row and a value", '{"exports":{"data":[{"a":1},2]}}'],
    ["space between the rows", '{"exports":{"data":[{"a":1} ,{"a":2}]}}'],
    ["too much between the rows", '{"exports":{"data":[{"a":1},,{"a":2}]}}'],
    ["nothing between the rows", '{"exports":{"data":[{"a":1}{"a":2}]}}'],
    ["a comma too many", '{"exports":{"data":[{"a":1},]}}'],
    ["brackets that don't fit", '{"exports":{"data":[{"a":1]}]}}'],
    ["more behind it", '{"exports":{"data":[{"a":1}]}}}'],
  ])("%s", (_what, json) => {
    let expected: unknown;
    try {
      expected = JSON.parse(json);
    } catch {
      expected = undefined;
    }
    expect(parse(json).value).toEqual(expected);
  });

  it.each([
    ["a fraction", '{"timestamp":12.0}'],
    ["a number below zero", '{"timestamp":-1}'],
    ["a letter by its number", '{"userId":"\\u65e5"}'],
    ["a break between its fields", '{"a":1,\n"b":2}'],
  ])("gives no text for a row with %s, but for the next", (_what, json) => {
    const parsed = parse(`{"exports":{"data":[${json},{"a":1}]}}`);
    expect(rowsOf(parsed.value)).toEqual([JSON.parse(json), { a: 1 }]);
    expect(parsed.texts).toEqual([undefined, { json: '{"a":1}', fields: 1 }]);
  });

  it("gives no texts where a key stands in them", () => {
    const { value: masked, texts } = parse(`{"exports":{"data":[{"userId":"${KEY}"}]}}`);
    expect(JSON.stringify(masked)).not.toContain(KEY);
    expect(texts).toEqual([]);
  });
});
