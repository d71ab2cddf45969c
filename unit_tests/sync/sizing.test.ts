import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  acceptable,
  afterClean,
  afterCut,
  afterTorn,
  newSizing,
  type Sizing,
  sliceEnd,
} from "../../src/sync/sizing.ts";

const LIMIT = 1_000_000;

import type { Slice } from "../../src/sync/slice.ts";

/** Any history of slices, as sizing sees it. */
const histories = fc.array(
  fc.record({
    outcome: fc.constantFrom("clean", "cut", "torn"),
    rows: fc.option(fc.nat(30_000), { nil: undefined }),
  }),
  { maxLength: 60 },
);

function after(sizing: Sizing, slice: Slice, outcome: string, rows: number | undefined): Sizing {
  if (outcome === "clean") return afterClean(sizing, slice, rows ?? 0);
  return outcome === "cut"
    ? afterCut(sizing, slice, acceptable(sizing) + 1 + (rows ?? 0))
    : afterTorn(sizing, slice, rows);
}

describe("the size of slices", () => {
  it("asks for the whole window first", () => {
    expect(sliceEnd(newSizing, 0, LIMIT)).toBe(LIMIT);
  });

  it("always moves on, never beyond the limit, whatever happened", () => {
    const property = fc.property(histories, (history) => {
      let sizing: Sizing = newSizing;
      let start = 0;
      for (const { outcome, rows } of history) {
        const end = sliceEnd(sizing, start, LIMIT);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(LIMIT);
        expect(acceptable(sizing)).toBeLessThan(10_000);
        sizing = after(sizing, { start, end }, outcome, rows);
        start = outcome === "clean" ? end : start;
        if (start === LIMIT) return;
      }
    });
    fc.assert(property, { numRuns: 3000 });
  });

  it("takes at most half the time after a torn pass, down to one second", () => {
    const property = fc.property(
      fc.integer({ min: 2, max: LIMIT }),
      fc.option(fc.nat(9900), { nil: undefined }),
      (end, total) => {
        const sizing = afterTorn(newSizing, { start: 0, end }, total);
        expect(sliceEnd(sizing, 0, LIMIT)).toBeLessThanOrEqual(Math.max(1, end / 2));
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });

  it("grows again once the set is quiet", () => {
    let sizing = afterTorn(newSizing, { start: 0, end: 1000 }, 5000);
    for (let start = 0; start < 200; start += 1) {
      sizing = afterClean(sizing, { start, end: start + 1 }, sizing.target);
    }
    expect(sizing.target).toBe(newSizing.target);
  });
});
