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
        expect(keys(some)).toMatch(/^[0-9a-f]{32}$/);
        expect(createKeyMaker("an api key")(structuredClone(some))).toBe(keys(some));
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
        expect(keys(some)).not.toBe(keys(others));
        expect(createKeyMaker("an api kez")(some)).not.toBe(keys(some));
      }),
    );
    expect(keys(["a", "b"])).not.toBe(keys(["b", "a"]));
    expect(keys(["a,b"])).not.toBe(keys(["a", "b"]));
    expect(keys([1])).not.toBe(keys(["1"]));
    expect(keys([false])).not.toBe(keys([null]));
  });

  it("takes null and an empty text for the same: the API leaves fields empty in both ways", () => {
    expect(keys(["", "x"])).toBe(keys([null, "x"]));
  });

  it("numbers further sessions of the same values, each with a key of its own", () => {
    const first = keys(["a"]);
    const all = Array.from({ length: 100 }, (_, twin) => keys.twin(first, twin));
    expect(all[0]).toBe(first);
    expect(new Set(all).size).toBe(100);
    for (const key of all) expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect(keys.twin(first, 1)).not.toBe(createKeyMaker("another").twin(first, 1));
  });
});
