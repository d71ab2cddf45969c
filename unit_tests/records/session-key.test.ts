import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createKeyMaker } from "../../src/records/session-key.ts";

const keys = createKeyMaker("an api key");
const values = fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), {
  minLength: 9,
  maxLength: 9,
});

describe("createKeyMaker", () => {
  it("makes 32 hexadecimal digits, the same of the same values", () => {
    fc.assert(
      fc.property(values, (some) => {
        expect(keys.of(some)).toMatch(/^[0-9a-f]{32}$/);
        expect(createKeyMaker("an api key").of(structuredClone(some))).toBe(keys.of(some));
      }),
    );
  });

  it("makes others of other values, of values in other places, and of another API key", () => {
    fc.assert(
      fc.property(values, values, (some, others) => {
        fc.pre(
          JSON.stringify(some.map((value) => value || null)) !==
            JSON.stringify(others.map((value) => value || null)),
        );
        expect(keys.of(some)).not.toBe(keys.of(others));
        expect(createKeyMaker("an api kez").of(some)).not.toBe(keys.of(some));
      }),
    );
    expect(keys.of(["a", "b"])).not.toBe(keys.of(["b", "a"]));
    expect(keys.of(["a,b"])).not.toBe(keys.of(["a", "b"]));
    expect(keys.of([1])).not.toBe(keys.of(["1"]));
    expect(keys.of([false])).not.toBe(keys.of([null]));
  });

  it("takes null and an empty text for the same: the API leaves fields empty in both ways", () => {
    expect(keys.of(["", "x"])).toBe(keys.of([null, "x"]));
  });

  it("numbers further sessions of the same values, each with a key of its own", () => {
    const first = keys.of(["a"]);
    const all = Array.from({ length: 100 }, (_, number) => keys.numbered(first, number));
    expect(all[0]).toBe(first);
    expect(new Set(all).size).toBe(100);
    for (const key of all) expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(keys.numbered(first, 1)).not.toBe(createKeyMaker("another").numbered(first, 1));
  });
});
