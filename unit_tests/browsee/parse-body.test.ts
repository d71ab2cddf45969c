import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { quoteLargeNumbers } from "../../src/browsee/large-numbers.ts";
import { parseBody } from "../../src/browsee/parse-body.ts";
import {
  anyText,
  asWritten,
  KEY,
  KNOWN,
  LAYOUT,
  mask,
  parse,
  plainRows,
  understood,
  written,
} from "./parsed.ts";

const value = fc.oneof(
  anyText,
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(null, true, false, [], {}, [{}], [{ a: 1 }, { b: [2] }], { data: [{ a: 1 }, 0] }),
  fc.array(anyText),
);
const names = fc.constantFrom(...KNOWN.map(({ name }) => name), "__proto__");
const row = fc.dictionary(fc.oneof({ weight: 4, arbitrary: names }, anyText), value);

/** Next to the rows there is mostly nothing that a row could be mistaken for. */
const more = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.dictionary(fc.string({ unit: "grapheme" }), fc.oneof(fc.nat(), fc.constant(null))),
  },
  { weight: 1, arbitrary: fc.dictionary(anyText, value) },
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

describe("parseBody", () => {
  it("reads a body as JSON.parse does, whatever is in it", () => {
    fc.assert(
      fc.property(body, (json) => {
        const parsed = parse(json);
        expect(understood(parsed)).toEqual(JSON.parse(quoteLargeNumbers(json)));
        for (const [n, plain] of plainRows(parsed)) {
          const { fields } = parsed.rows?.[n] ?? { fields: {} };
          expect(written(plain)).toEqual(asWritten(fields));
          const text = plain.bytes.toString("utf8", plain.start, plain.end);
          expect(JSON.parse(quoteLargeNumbers(text))).toEqual(fields);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("takes what is cut off for what it is", () => {
    fc.assert(
      fc.property(body, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (json, part) => {
        const cut = json.slice(0, Math.floor(json.length * part));
        expect(parse(cut)).toEqual({ value: undefined });
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
    expect(understood(parse(json))).toEqual(expected);
  });

  it("reads bytes that are no UTF-8 as everybody does", () => {
    const bytes = Buffer.from('{"exports":{"data":[{"userId":"a?"}]}}');
    bytes[bytes.indexOf("?")] = 0xff;
    const parsed = parseBody(bytes, LAYOUT, mask);
    expect(parsed).toEqual({ value: { exports: { data: [{ userId: "a\ufffd" }] } } });
  });

  it("parses all where a key may stand in them", () => {
    for (const json of [
      `{"exports":{"data":[{"userId":"${KEY}"}]}}`,
      '{"exports":{"data":[{"plan":"\\u0064"}]}}',
    ]) {
      const parsed = parse(json);
      expect(JSON.stringify(parsed.value)).not.toContain(KEY);
      expect(parsed.rows).toBeUndefined();
    }
  });
});
