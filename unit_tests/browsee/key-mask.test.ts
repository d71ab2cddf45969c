import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createBodyParser } from "../../src/browsee/parse-body.ts";

const KEYS = ["api-key-0123456789", "secret/key+9876543210=="];

/** What is left of a body once it has been read as a page is. */
function read(keys: readonly string[], text: string): unknown {
  return createBodyParser(keys)(Buffer.from(text));
}

describe("keys in the data", () => {
  it("are masked in texts and names, and the rest stays", () => {
    const [api, secret] = KEYS;
    const page = {
      a: `x${api}y`,
      [`n${secret}`]: [1, null, true, { deep: [secret, `${api}${secret}`] }],
      b: 12,
    };
    expect(read(KEYS, JSON.stringify(page))).toEqual({
      a: "x******y",
      "n******": [1, null, true, { deep: ["******", "************"] }],
      b: 12,
    });
  });

  it.each([
    ["as every character escaped", (key: string) => [...key].map(escaped).join("")],
    ["with one character escaped", (key: string) => `${escaped(key.charAt(0))}${key.slice(1)}`],
    ["with slashes escaped", (key: string) => key.replaceAll("/", "\\/")],
    ["as in a URL", (key: string) => encodeURIComponent(key)],
  ])("are found %s", (_how, write) => {
    for (const key of KEYS) expect(read(KEYS, `{"a": "${write(key)}"}`)).toEqual({ a: "******" });
  });

  it("are found whatever characters they are of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 8 }), fc.string(), (key, text) => {
        const body = JSON.stringify({ a: `${text}${key}${text}` });
        const { a } = Object(read([key], body));
        expect(a.includes(key)).toBe(false);
      }),
    );
  });

  it("of fewer than eight characters are left alone: they would be found everywhere", () => {
    expect(read(["1234567", ""], '{"a": "1234567"}')).toEqual({ a: "1234567" });
  });

  it("of digits don't make numbers unreadable", () => {
    const text = '{"timestamp": 1706745600000, "userId": 17067456, "name": "17067456"}';
    expect(read(["17067456"], text)).toEqual({ timestamp: 1706745600000, userId: "******", name: "******" });
  });

  it("leave a field named __proto__ a field like any other", () => {
    const text = '{"__proto__": {"polluted": true}, "a": "api-key-0123456789"}';
    const cleaned = Object(read(KEYS, text));
    expect(Object.keys(cleaned)).toEqual(["__proto__", "a"]);
    expect(cleaned.polluted).toBeUndefined();
  });
});

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
