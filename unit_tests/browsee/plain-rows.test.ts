import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { JSON_STYLES, rewritten } from "../../integration_tests/fake-api/json-style.ts";
import { anyText, asWritten, KNOWN, parse, plainRows, understood, written } from "./parsed.ts";

describe("rows of an answer", () => {
  it("need not parse rows of the fields that it knows, as JSON.stringify writes them, in any order", () => {
    const texts = fc.array(fc.option(anyText));
    const values = { text: anyText, texts, whole: fc.nat(10 ** 15 - 1), flag: fc.boolean() };
    const known = KNOWN.flatMap(({ name, kind }) =>
      kind === "other"
        ? []
        : [fc.record({ name: fc.constant(name), field: fc.option<unknown>(values[kind]) })],
    );
    const plain = fc
      .tuple(...known)
      .chain((fields) => fc.shuffledSubarray(fields, { minLength: 1 }))
      .map((fields) => Object.fromEntries(fields.map(({ name, field }) => [name, field])))
      .filter((fields) => !JSON.stringify(fields).includes("\\u"));
    const spaced = fc.constantFrom("", " ", "   ");
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 250 }), spaced, (list, space) => {
        const rows = list.map((one) => {
          const members = Object.entries(asWritten(one)).map(
            ([name, field]) => `"${name}"${space}:${space}${field}`,
          );
          return `{${space}${members.join(`${space},${space}`)}${space}}`;
        });
        const parsed = parse(`{"exports":{"total":1,"data":[${space}${rows.join(`,${space}`)}]}}`);
        const found = [...plainRows(parsed).values()];
        expect(found.map(written)).toEqual(list.map(asWritten));
        expect(understood(parsed)).toEqual({ exports: { total: 1, data: list } });
      }),
    );
  });

  it.each(JSON_STYLES)("need not parse rows in the style of %s, and tell what is odd of them", (style) => {
    const row = { userId: "日/é", ip: "1.2.3.4", urls: ["https://x/?a=1&b=2", null, ""], isMobile: true };
    const parsed = parse(`{"exports":{"data":[${rewritten(JSON.stringify(row), style)}]}}`);
    expect(understood(parsed)).toEqual({ exports: { data: [row] } });
    const [plain] = plainRows(parsed).values();
    const odd = KNOWN.flatMap(({ name }, field) => (plain?.isOdd(field) ? [name] : []));
    expect(odd).toEqual(style === "go" ? ["urls"] : ["userId", "urls"]);
    expect(plain).toBeDefined();
  });

  it.each([
    ["any kind", '{"plan":"b","a":[{"]":"}"}],"b":-1.5e3,"c":null,"d":{},"e":true}'],
    ["names like known ones", '{"userid":"a","":[]}'],
    ["a name twice", '{"plan":"b","plan" : "c" }'],
  ])("need not parse more of rows than what has no column: fields of %s", (_what, unknown) => {
    const before = unknown.replace("{", '{ "ip":"1.2.3.4", ');
    const behind = `${unknown.slice(0, -1)},"ip":"1.2.3.4"}`;
    for (const row of [before, unknown, behind]) {
      const parsed = parse(`{"exports":{"data":[${row}]}}`);
      expect(understood(parsed)).toEqual({ exports: { data: [JSON.parse(row)] } });
      const [plain] = plainRows(parsed).values();
      expect(plain?.rest).toEqual(JSON.parse(unknown));
    }
  });

  it.each([
    ["a fraction", '{"timestamp":12.0}'],
    ["a number below zero", '{"timestamp":-1}'],
    ["zero below zero", '{"timestamp":-0}'],
    ["a number with an exponent", '{"timestamp":1e3}'],
    ["more digits than a double may hold", '{"timestamp":1234567890123456}'],
    ["a break between its fields", '{"isMobile":true,\n"userId":"b"}'],
    ["a list in a list", '{"urls":[["a"]]}'],
    ["a number in a list", '{"urls":[1]}'],
    ["a name that comes twice", '{"userId":"a","userId":"b"}'],
    ["a name by its letters' numbers", '{"\\u65e5":"a"}'],
    ["a value of another kind", '{"isMobile":"true"}'],
    ["a value of any kind", '{"extra":"a"}'],
    ["an object", '{"userId":{"a":[1,{"b":"}"}]}}'],
    ["no fields", "{}"],
  ])("parses a row with %s, but not the next", (_what, json) => {
    const parsed = parse(`{"exports":{"data":[${json},{"userId":"a"}]}}`);
    expect(understood(parsed)).toEqual({ exports: { data: [JSON.parse(json), { userId: "a" }] } });
    expect([...plainRows(parsed).keys()]).toEqual([1]);
  });

  it.each([
    ["a number with a zero before it", '{"timestamp":012}'],
    ["a line break in a text", '{"userId":"a\nb"}'],
    ["half a value without a column", '{"plan":[1,2}'],
    ["a word without a column", '{"plan":yes}'],
    ["no value without a column", '{"plan":}'],
    ["two values without a column", '{"plan":1 2}'],
    ["an escape that JSON does not know", '{"userId":"\\x"}'],
    ["a number of a letter that is too short", '{"userId":"\\u65e"}'],
    ["a number of a letter that is none", '{"userId":"\\u65g5"}'],
    ["a comma too many", '{"userId":"a",}'],
    ["a comma too many in a list", '{"urls":["a",]}'],
    ["no comma", '{"userId":"a""isMobile":true}'],
    ["no colon", '{"userId" "a"}'],
    ["a word that is cut off", '{"isMobile":tru}'],
    ["a word that goes on", '{"isMobile":trueish}'],
    ["a name without quotes", "{userId:1}"],
  ])("takes a body for no JSON in which a row has %s", (_what, json) => {
    expect(() => JSON.parse(json)).toThrow(SyntaxError);
    expect(parse(`{"exports":{"data":[{"userId":"a"},${json}]}}`)).toEqual({ value: undefined });
  });
});
