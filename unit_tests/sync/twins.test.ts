import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Emission } from "../../src/sync/emission.ts";
import { behaviours, EPOCH, propertyRuns } from "../model/cases.ts";
import { idsOf, lost } from "../model/judge.ts";
import { createRandom } from "../model/random.ts";
import { type Run, run } from "../model/run.ts";
import { type Behaviour, createWorld } from "../model/world.ts";

const bounds = { startDate: EPOCH - 1000, endDate: undefined, lookback: 0, now: EPOCH + 90_000 };

const atRest: Behaviour = {
  order: "ascending",
  startInclusive: true,
  endInclusive: false,
  pageSize: 100,
  moveEvery: 0,
  inserts: 0,
  removes: 0,
  changes: 0,
  where: "head",
  seed: 1,
};

function keys({ written }: Run): ReadonlyMap<unknown, unknown> {
  return new Map(written.map(({ data }) => [data["sessionKey"], data["id"]]));
}

describe("sessions that agree in every lasting field", () => {
  it("get different keys each, the same ones at the next read, on one page or on several", async () => {
    const groups = fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 5 });
    const property = fc.asyncProperty(
      behaviours,
      groups,
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      async (behaviour, sizes, others, seed) => {
        const random = createRandom(seed);
        const world = createWorld(
          Array.from({ length: others }, () => EPOCH * 1000 + random.below(80_000_000)),
          { ...behaviour, pageSize: Math.max(20, behaviour.pageSize), moveEvery: 0 },
        );
        for (const [group, size] of sizes.entries()) {
          const at = EPOCH * 1000 + random.below(80_000_000);
          for (let n = 0; n < size; n += 1) world.insert(at, `twins ${group}`);
        }
        const first = await run(world, bounds, undefined);
        const second = await run(world, bounds, undefined);
        expect(first.error).toBeUndefined();
        expect(lost(world.sessions(), idsOf(first.written))).toEqual([]);
        expect(keys(first).size).toBe(world.sessions().length);
        if (behaviour.order !== "random") expect(first.written).toHaveLength(world.sessions().length);
        expect([...keys(second).keys()].sort()).toEqual([...keys(first).keys()].sort());
      },
    );
    await fc.assert(property, { numRuns: propertyRuns(300), endOnFailure: true });
  });

  it("do not keep a later run from going on behind them, wherever a page ends between them", async () => {
    const starts = Array.from({ length: 3000 }, (_, n) => EPOCH * 1000 + n * 20_000);
    for (const place of [98, 99, 100]) {
      const world = createWorld(starts, atRest);
      const twin = world.sessions()[place];
      world.insert(twin?.at ?? 0, twin?.face);
      const killed = await run(world, bounds, undefined, 26);
      const key = ({ data }: Emission) => data["sessionKey"];
      expect(killed.state).toMatchObject({ slice: { offset: expect.any(Number) } });
      const rest = await run(world, bounds, killed.state);
      expect(rest.error).toBeUndefined();
      expect(killed.kept.length).toBeGreaterThan(500);
      expect(new Set([...killed.kept, ...rest.written].map(key)).size).toBe(3001);
      expect(killed.kept.length + rest.written.length).toBeLessThanOrEqual(3002);
    }
  });
});
