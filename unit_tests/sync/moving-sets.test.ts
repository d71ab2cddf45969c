import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ConnectorError } from "../../src/errors.ts";
import { behaviours, EPOCH, propertyRuns, starts } from "../model/cases.ts";
import { idsOf, invented, lost, repeated } from "../model/judge.ts";
import { run } from "../model/run.ts";
import { createWorld } from "../model/world.ts";

const DAY = 86_400;
const NOW = EPOCH + 40 * DAY;

/** With and without fingerprints of what is read, also from the middle of the sessions on. */
const lookbacks = fc.constantFrom(
  0,
  25 * DAY,
  NOW - EPOCH - 600,
  NOW - EPOCH - 1800,
  NOW - EPOCH - 43_200,
  400 * DAY,
);

function boundsWith(lookback: number) {
  return { startDate: EPOCH - 1000, endDate: undefined, lookback, now: NOW };
}

describe("a set that moves while it is read", () => {
  it("loses no session that was there all the time, or fails with a cursor that brings it", async () => {
    const property = fc.asyncProperty(starts, behaviours, lookbacks, async (times, behaviour, lookback) => {
      const bounds = boundsWith(lookback);
      const world = createWorld(times, behaviour);
      const stayed = world.watch();
      const first = await run(world, bounds, undefined);
      expect(invented(world, first.written)).toEqual([]);
      expect(repeated(first.written)).toEqual([]);
      if (first.error === undefined) {
        expect(lost(stayed(), idsOf(first.written))).toEqual([]);
        return;
      }
      expect(first.error).toBeInstanceOf(ConnectorError);
      world.freeze();
      const second = await run(world, bounds, first.state);
      expect(second.error).toBeUndefined();
      expect(lost(stayed(), idsOf([...first.written, ...second.written]))).toEqual([]);
    });
    await fc.assert(property, { numRuns: propertyRuns(300), endOnFailure: true });
  });

  it("is read in the end however often the process is killed", async () => {
    const kills = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 8 });
    const property = fc.asyncProperty(
      starts,
      behaviours,
      kills,
      lookbacks,
      async (times, behaviour, killAts, lookback) => {
        const bounds = boundsWith(lookback);
        const world = createWorld(times, behaviour);
        const stayed = world.watch();
        const parts = [await run(world, bounds, undefined, killAts[0])];
        for (const killAt of killAts.slice(1))
          parts.push(await run(world, bounds, parts.at(-1)?.state, killAt));
        world.freeze();
        const last = await run(world, bounds, parts.at(-1)?.state);
        const kept = [...parts.flatMap((part) => part.kept), ...last.written];
        expect(last.error).toBeUndefined();
        expect(invented(world, kept)).toEqual([]);
        expect(Math.max(...[...parts, last].flatMap(({ gaps }) => gaps))).toBeLessThanOrEqual(1000);
        expect(lost(stayed(), idsOf(kept))).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: propertyRuns(300), endOnFailure: true });
  });
});
