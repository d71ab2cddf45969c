import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  createBodyParser,
  MOST_LEVELS,
  nestsTooDeep,
  quoteLargeNumbers,
} from "../../src/browsee/parse-body.ts";

const KEY = "demo-api-key-0123456789";
const parseBody = createBodyParser([KEY]);

/** A body as it is understood. */
function parse(json: string): unknown {
  return parseBody(Buffer.from(json));
}

describe("parseBody", () => {
  it("reads JSON as JSON.parse does, whatever is in it", () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, "\t"), (json, indent) => {
        const text = JSON.stringify(JSON.parse(json), null, indent);
        expect(parse(text)).toEqual(JSON.parse(quoteLargeNumbers(text)));
      }),
    );
  });

  it("takes what is cut off for no JSON", () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(fc.array(fc.json()), part, (list, share) => {
        const json = JSON.stringify(list);
        expect(parse(json.slice(0, Math.floor(json.length * share)))).toBeUndefined();
      }),
    );
  });

  it("keeps numbers that a double can't hold", () => {
    expect(parse('{"a":9007199254740993,"b":[1e999]}')).toEqual({ a: "9007199254740993", b: ["1e999"] });
  });

  it("reads bytes that are no UTF-8 as everybody does", () => {
    const bytes = Buffer.from('{"userId":"a?"}');
    bytes[bytes.indexOf("?")] = 0xff;
    expect(parseBody(bytes)).toEqual({ userId: "a\ufffd" });
  });

  it("masks a key however deep what stands beside it", () => {
    const deep = "[".repeat(50_000) + "]".repeat(50_000);
    expect(parse(`{"a":"${KEY}","b":["${KEY}"],"c":${deep}}`)).toMatchObject({ a: "******", b: ["******"] });
  });

  it("masks a key, also one that is written by its letters' numbers", () => {
    const escaped = [...KEY]
      .map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join("");
    expect(parse(`{"a":"${KEY}","b":"${escaped}"}`)).toEqual({ a: "******", b: "******" });
  });
});

describe("nestsTooDeep", () => {
  it.each([
    ["[", "]"],
    ['{"a":', "}"],
  ])("counts levels of %s", (opening, closing) => {
    const nested = (levels: number) => opening.repeat(levels) + closing.repeat(levels);
    expect(nestsTooDeep(Buffer.from(`[${nested(MOST_LEVELS - 1)},0]`))).toBe(false);
    expect(nestsTooDeep(Buffer.from(nested(MOST_LEVELS + 1)))).toBe(true);
  });

  it("counts neither what is side by side nor what stands in texts", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.constantFrom("[", '"[', '\\"', "\\"))), (texts) => {
        const many = Array(Math.ceil((2 * MOST_LEVELS) / (texts.length + 1))).fill([texts, {}]);
        const text = "[".repeat(2 * MOST_LEVELS);
        expect(nestsTooDeep(Buffer.from(JSON.stringify([many, ...texts, text])))).toBe(false);
      }),
    );
  });
});
