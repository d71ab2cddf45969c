import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { behaviours, EPOCH, propertyRuns } from "../model/cases.ts";
import { idsOf, invented, lost, repeated } from "../model/judge.ts";
import { createRandom } from "../model/random.ts";
import { run } from "../model/run.ts";
import { createWorld, type ModelSession, type World } from "../model/world.ts";

const DAY = 86_400;
const still = {
  order: "ascending",
  startInclusive: true,
  endInclusive: false,
  pageSize: 100,
  moveEvery: 0,
} as const;
const calm = { ...still, inserts: 0, removes: 0, changes: 0, where: "anywhere", seed: 1 } as const;

/** Starts (Unix ms) spread over the days before `end` (Unix s). */
function spread(count: number, days: number, end: number, seed: number): readonly number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => end * 1000 - 1 - random.below(days * DAY * 1000));
}

function boundsAt(now: number, lookback: number) {
  return { startDate: EPOCH - 400 * DAY, endDate: undefined, lookback, now };
}

/** Changes some sessions of the last day, adds some late ones and some new ones. */
function liveOn(world: World, now: number, seed: number, span: number): { touched: readonly ModelSession[] } {
  const random = createRandom(seed);
  const recent = world.sessions().filter(({ at }) => at >= (now - span) * 1000);
  const touched = Array.from(
    { length: Math.min(5, recent.length) },
    () => recent[random.below(recent.length)],
  );
  for (const session of touched) if (session !== undefined) world.change(session.id);
  for (let n = 0; n < 3; n += 1) world.insert(now * 1000 - 1 - random.below(span * 1000));
  for (let n = 0; n < 7; n += 1) world.insert(now * 1000 + random.below(3_600_000));
  return { touched: touched.flatMap((session) => session ?? []) };
}

describe("the lookback", () => {
  it("brings late and changed sessions with the next sync, whatever the API's ways", async () => {
    const property = fc.asyncProperty(
      behaviours,
      fc.integer({ min: 0, max: 1500 }),
      fc.constantFrom(1, 24, 24 * 30),
      fc.integer({ min: 1, max: 1_000_000 }),
      async (behaviour, count, hours, seed) => {
        const now = EPOCH;
        const world = createWorld(spread(count, 20, now, seed), { ...behaviour, moveEvery: 0 });
        const first = await run(world, boundsAt(now, hours * 3600), undefined);
        expect(first.error).toBeUndefined();
        const before = new Map(world.sessions().map((session) => [session.id, session.version]));
        liveOn(world, now, seed, hours * 3600);
        const second = await run(world, boundsAt(now + 3601, hours * 3600), first.state);
        expect(second.error).toBeUndefined();
        expect(invented(world, second.written)).toEqual([]);
        expect(repeated(second.written)).toEqual([]);
        const due = world.sessions().filter(({ id, version }) => before.get(id) !== version);
        expect(lost(due, idsOf(second.written))).toEqual([]);
        const third = await run(world, boundsAt(now + 3602, hours * 3600), second.state);
        expect(third.written).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: propertyRuns(150), endOnFailure: true });
  });

  it("sends at most a few dozen unchanged sessions for each changed one, on a site of 10,000 a day", async () => {
    const world = createWorld(spread(20_000, 2, EPOCH, 7), calm);
    const first = await run(world, boundsAt(EPOCH, DAY), undefined);
    const changes = 20;
    const random = createRandom(3);
    const recent = world.sessions().filter(({ at }) => at >= (EPOCH - DAY) * 1000);
    for (let n = 0; n < changes; n += 1) world.change(recent[random.below(recent.length)]?.id ?? -1);
    const second = await run(world, boundsAt(EPOCH + 1, DAY), first.state);
    expect(second.written.length).toBeGreaterThanOrEqual(changes - 1);
    expect(second.written.length).toBeLessThan(changes * 48);
  });

  it("keeps the state under 8 kB however busy the site and however long the lookback", async () => {
    for (const days of [1, 30, 365]) {
      const world = createWorld(spread(30_000, days, EPOCH, days), calm);
      const first = await run(world, boundsAt(EPOCH, days * DAY), undefined);
      expect(JSON.stringify(first.state).length).toBeLessThan(8000);
    }
  });

  it("goes on after any kill without sending again what the state covers", async () => {
    const property = fc.asyncProperty(
      behaviours,
      fc.integer({ min: 1, max: 3000 }),
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 1_000_000 }),
      async (behaviour, count, killAts, seed) => {
        const world = createWorld(spread(count, 3, EPOCH, seed), { ...behaviour, moveEvery: 0 });
        const first = await run(world, boundsAt(EPOCH, DAY), undefined);
        const before = new Map(world.sessions().map((session) => [session.id, session.version]));
        liveOn(world, EPOCH, seed, DAY);
        const parts = [first];
        for (const killAt of killAts)
          parts.push(await run(world, boundsAt(EPOCH + 3700, DAY), parts.at(-1)?.state, killAt));
        parts.push(await run(world, boundsAt(EPOCH + 3800, DAY), parts.at(-1)?.state));
        const kept = parts.slice(1).flatMap((part) => part.kept);
        expect(parts.at(-1)?.error).toBeUndefined();
        const due = world.sessions().filter(({ id, version }) => before.get(id) !== version);
        expect(lost(due, idsOf(kept))).toEqual([]);
        const again = await run(world, boundsAt(EPOCH + 3801, DAY), parts.at(-1)?.state);
        expect(again.written).toEqual([]);
      },
    );
    await fc.assert(property, { numRuns: propertyRuns(150), endOnFailure: true });
  });
});
