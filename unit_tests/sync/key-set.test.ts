import { createHash } from "node:crypto";
import { expect, it } from "@jest/globals";
import fc from "fast-check";
import { KeySet } from "../../src/sync/key-set.ts";

/** Few enough to come again, some of them of one hash, or shorter than what keys are told by. */
const keys = fc.oneof(
  fc.nat({ max: 3000 }).map((n) => createHash("sha256").update(String(n)).digest("hex").slice(0, 32)),
  fc.constantFrom("", "a", "0", "\u{10ffff}"),
  fc.nat({ max: 30 }).map((n) => `${n}-the-same-end`),
);

it("is a Set of strings", () => {
  fc.assert(
    fc.property(fc.array(keys, { maxLength: 4000, size: "max" }), (added) => {
      const ours = new KeySet();
      const theirs = new Set<string>();
      for (const key of added) {
        expect(ours.has(key)).toBe(theirs.has(key));
        expect(ours.add(key)).toBe(!theirs.has(key));
        theirs.add(key);
        expect(ours.has(key)).toBe(true);
      }
    }),
    { numRuns: 30 },
  );
});

it("holds many more than it had room for at first", () => {
  const ours = new KeySet();
  const all = Array.from({ length: 30_000 }, (_, n) => `key ${n}`);
  expect(all.filter((key) => ours.add(key))).toHaveLength(30_000);
  expect(all.filter((key) => ours.add(key))).toEqual([]);
  expect(all.every((key) => ours.has(key))).toBe(true);
});
