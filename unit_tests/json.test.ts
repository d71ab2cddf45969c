import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isTooDeep, toJsonText } from "../src/json.ts";
import { converterOf, written } from "./records/converter.ts";

/** Levels of a JSON text. */
function depthOf(json: string): number {
  let depth = 0;
  let most = 0;
  for (const letter of json.replaceAll(/"(?:[^"\\]|\\.)*"/g, "")) {
    if (letter === "[" || letter === "{") depth += 1;
    if (letter === "]" || letter === "}") depth -= 1;
    most = Math.max(most, depth);
  }
  return most;
}

function nested(levels: number): unknown {
  return JSON.parse(`${"[".repeat(levels)}1${"]".repeat(levels)}`);
}

describe("isTooDeep", () => {
  it("holds from some level on, without exhausting the stack", () => {
    expect(isTooDeep(nested(95))).toBe(false);
    expect(isTooDeep(nested(96))).toBe(true);
    expect(isTooDeep(nested(100_000))).toBe(true);
  });

  it.each(["undocumented", "ip", "urls", "timestamp"])("costs no row for the field %s", (field) => {
    const { data, nulled } = written(converterOf(), { duration: 5, [field]: nested(100_000) });
    expect(data).toMatchObject({ duration: 5, additionalFields: null });
    expect(nulled).toContain("additionalFields");
  });

  it("leaves a record, with the message around it, less than 100 levels deep", () => {
    for (let levels = 80; levels <= 110; levels += 1) {
      const { json } = written(converterOf(), { undocumented: nested(levels) });
      // {"type":…,"record":{"data":…}}
      expect(depthOf(json) + 2).toBeLessThanOrEqual(100);
    }
  });
});

describe("toJsonText", () => {
  it("makes half of a surrogate pair U+FFFD, in values and in names, however deep", () => {
    const value = { "a\ud800": ["\udc00x", { "\udbff": "whole 😀" }], fine: null };
    expect(JSON.parse(toJsonText(value))).toEqual({
      "a\ufffd": ["\ufffdx", { "\ufffd": "whole 😀" }],
      fine: null,
    });
  });

  it("writes well-formed text of any value, and no other value than was given where that is well-formed", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), (value) => {
        const text = toJsonText(value);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/\\ud[89a-f]/i);
        const json = JSON.stringify(value);
        if (!json.includes("\\ud")) expect(text).toBe(json);
      }),
    );
  });
});
