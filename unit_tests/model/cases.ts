import fc from "fast-check";
import type { Behaviour } from "./world.ts";

/** Unix s: the model's time begins here. */
export const EPOCH = 1_700_000_000;

/** Any way in which the API may behave. */
export const behaviours: fc.Arbitrary<Behaviour> = fc.record({
  order: fc.constantFrom("ascending", "descending", "arbitrary", "random"),
  startInclusive: fc.boolean(),
  endInclusive: fc.boolean(),
  pageSize: fc.oneof(
    { weight: 3, arbitrary: fc.constant(100) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 99 }) },
  ),
  moveEvery: fc.constantFrom(0, 1, 2, 3, 5, 7, 11, 20),
  inserts: fc.constantFrom(0, 1, 1, 2, 30),
  removes: fc.constantFrom(0, 1, 1, 2, 30),
  changes: fc.constantFrom(0, 0, 1, 5),
  where: fc.constantFrom("head", "tail", "anywhere"),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

/** Starts of sessions (Unix ms): spread over a span, or crowded in places. */
export const starts: fc.Arbitrary<readonly number[]> = fc
  .tuple(
    fc.integer({ min: 0, max: 700 }),
    fc.constantFrom(60, 3600, 86_400, 30 * 86_400),
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.boolean(),
  )
  .map(([count, span, seed, crowded]) => {
    const spread = (n: number) => ((Math.imul(n + seed, 0x9e3779b1) >>> 0) / 2 ** 32) ** (crowded ? 6 : 1);
    return Array.from({ length: count }, (_, n) => EPOCH * 1000 + Math.floor(spread(n) * span * 1000));
  });

/** How many cases a property tries: as given, or what the environment variable PROPERTY_RUNS says. */
export function propertyRuns(usual: number): number {
  return Number(process.env["PROPERTY_RUNS"] ?? usual);
}
