import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { FakeApiOptions } from "../fake-api/options.ts";
import { startFakeApi } from "../fake-api/server.ts";
import { type Kept, type KillSwitch, runKilled } from "./killed-run.ts";

const DAY_MS = 86_400_000;
const ID = "hiddenId";

/** Ways of the API and of the set, as `FakeApiOptions` has them. */
const anyWorlds = fc.record({
  count: fc.integer({ min: 0, max: 2500 }),
  days: fc.constantFrom(1, 30),
  order: fc.constantFrom("ascending", "descending", "arbitrary", "random"),
  start: fc.constantFrom("inclusive", "exclusive"),
  end: fc.constantFrom("inclusive", "exclusive"),
  pageSize: fc.constantFrom(100, 100, 61),
  every: fc.constantFrom(2, 5, 7, 20),
  insert: fc.constantFrom(0, 1, 40),
  remove: fc.constantFrom(0, 1, 40),
  where: fc.constantFrom("head", "tail", "anywhere"),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

/** A set in no order at all that grows by 20 sessions with each request grows faster than it can be read. */
const worlds = anyWorlds.filter(({ order, every, insert }) => order !== "random" || insert / every < 20);

type WorldCase = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

function optionsOf(world: WorldCase, kill: KillSwitch): FakeApiOptions {
  const { count, days, order, start, end, pageSize, every, insert, remove, where, seed } = world;
  const to = Date.now() - 60_000;
  return {
    generated: { count, seed, from: to - days * DAY_MS, to },
    seed,
    order,
    bounds: { start, end },
    pageSize,
    drift: { every, insert, remove, where },
    idField: ID,
    logLimit: 0,
    onRequest(request) {
      if (request === kill.at) kill.fire();
    },
  };
}

function idOf(data: Readonly<Record<string, unknown>>): unknown {
  const rest = data["additionalFields"];
  return typeof rest === "object" && rest !== null && ID in rest ? rest[ID] : undefined;
}

function ids(parts: readonly Kept[]): ReadonlySet<unknown> {
  return new Set(parts.flatMap(({ records }) => records.map(idOf)));
}

async function readThroughout(world: WorldCase, killAfter: readonly number[]): Promise<void> {
  const kill: KillSwitch = { at: undefined, fire: () => undefined };
  const api = await startFakeApi(optionsOf(world, kill));
  try {
    const since = api.handle.mark();
    const config = { start_date: new Date(Date.now() - 40 * DAY_MS).toISOString().replace(/\.\d+Z/, "Z") };
    const parts: Kept[] = [];
    for (const requests of killAfter) {
      kill.at = api.stats.requests + requests;
      parts.push(await runKilled(api, kill, parts.at(-1)?.state, config));
    }
    kill.at = undefined;
    let last = await runKilled(api, kill, parts.at(-1)?.state, config);
    parts.push(last);
    if (last.code !== 0) {
      // INCOMPLETE is allowed while the set moves; once it rests, the next sync must bring all.
      expect(last.code).toBe(1);
      api.handle.setDrift([]);
      last = await runKilled(api, kill, last.state, config);
      parts.push(last);
    }
    expect(last.code).toBe(0);
    const emitted = ids(parts);
    const missing = [...api.handle.presentThroughout(since)].filter(({ id }) => !emitted.has(id));
    expect(missing).toEqual([]);
    expect(Math.max(...parts.map(({ widest }) => widest))).toBeLessThanOrEqual(1000);
    if (killAfter.length === 0 && parts.length === 1) expect(last.records).toHaveLength(emitted.size);
    expect(api.stats).toMatchObject({ refused: 0, maxOpen: 1 });
  } finally {
    await api.close();
  }
}

const numRuns = Number(process.env["PROCESS_RUNS"] ?? 20);

describe("the built program, over HTTP, on a set that moves", () => {
  it("loses no session that was there all the time, and sends none twice", async () => {
    const property = fc.asyncProperty(worlds, (world) => readThroughout(world, []));
    await fc.assert(property, { numRuns, endOnFailure: true });
  }, 600_000);

  it("loses none however often it is killed", async () => {
    const kills = fc.array(fc.integer({ min: 1, max: 25 }), { minLength: 1, maxLength: 4 });
    const property = fc.asyncProperty(worlds, kills, readThroughout);
    await fc.assert(property, { numRuns, endOnFailure: true });
  }, 600_000);
});
