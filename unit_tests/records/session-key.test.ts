import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createKeyMaker, type ProjectKeys, projectHash } from "../../src/records/session-key.ts";

function project(apiKey: string, sessionKeySalt?: string): ProjectKeys {
  return { apiKey, sessionKeySalt };
}

const keys = createKeyMaker(project("an api key"));
const values = fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), {
  minLength: 9,
  maxLength: 9,
});

describe("createKeyMaker", () => {
  it("makes 32 hexadecimal digits, the same of the same values", () => {
    fc.assert(
      fc.property(values, (some) => {
        expect(keys.of(some)).toMatch(/^[0-9a-f]{32}$/);
        expect(createKeyMaker(project("an api key")).of(structuredClone(some))).toBe(keys.of(some));
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
        expect(createKeyMaker(project("an api kez")).of(some)).not.toBe(keys.of(some));
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
    expect(keys.numbered(first, 1)).not.toBe(createKeyMaker(project("another")).numbered(first, 1));
  });

  it("makes others with a salt, and others with each", () => {
    fc.assert(
      fc.property(values, fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (some, salt, other) => {
        fc.pre(salt !== other);
        const salted = createKeyMaker(project("an api key", salt));
        const all = [keys, salted, createKeyMaker(project("an api key", other))].map((maker) =>
          maker.of(some),
        );
        expect(new Set(all).size).toBe(3);
        expect(salted.of(some)).toBe(createKeyMaker(project("an api key", salt)).of(some));
      }),
    );
  });
});

describe("projectHash", () => {
  it("differs by purpose, by API key, and by salt, wherever one ends and the other begins", () => {
    const hashes = [
      projectHash("a", project("b")),
      projectHash("b", project("b")),
      projectHash("a", project("bc")),
      projectHash("a", project("b", "c")),
      projectHash("a", project("bc", "d")),
      projectHash("a", project("b", "cd")),
      projectHash("a", project("b\nc")),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
