import fc from "fast-check";
import type { FakeApiOptions } from "../fake-api/options.ts";
import { ORDERS } from "../fake-api/switches.ts";
import type { KillSwitch } from "./killed-run.ts";

const DAY_MS = 86_400_000;

/** A field in which each row tells its hidden identity. */
export const ID = "hiddenId";

/** An API that only moves, whatever its order, bounds and page size: each sync succeeds once the set rests. */
const movingWorlds = fc.record({
  stream: fc.constantFrom("sessions", "segment_sessions"),
  count: fc.integer({ min: 0, max: 4000 }),
  days: fc.constantFrom(1, 30),
  order: fc.constantFrom(...ORDERS),
  ties: fc.constantFrom("lasting", "random"),
  start: fc.constantFrom("inclusive", "exclusive"),
  end: fc.constantFrom("inclusive", "exclusive"),
  pageSize: fc.constantFrom(100, 100, 61),
  every: fc.constantFrom(1, 2, 5, 7, 20),
  insert: fc.constantFrom(0, 1, 5),
  remove: fc.constantFrom(0, 1, 5),
  change: fc.constantFrom(0, 3),
  where: fc.constantFrom("head", "tail", "anywhere"),
  replicas: fc.constantFrom(0, 0, 1),
  lag: fc.constantFrom(0, 2),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});

/** What else an API may do: then a sync brings all, or says that the API contradicts itself. */
const oddities = fc.constantFrom(
  {},
  { filter: "end" },
  { filter: "within" },
  { filter: "overlap" },
  { filter: "minutes" },
  { filter: "hours" },
  { filter: "shifted", shift: 90 },
  { filter: "shifted", shift: -90 },
  { filter: "ignored" },
  { total: "late", lag: 2 },
  { total: "alternating" },
  { total: "more" },
  { total: "page" },
  { cap: 1000 },
  { ends: 1000 },
  {},
  {},
  {},
  {},
  {},
  {},
  {},
  {},
  {},
) satisfies fc.Arbitrary<FakeApiOptions>;

/** Ways of the API and of the set. */
export const worlds = fc.tuple(movingWorlds, oddities).map(([world, oddity]) => ({ ...world, oddity }));

/** One of them. */
export type WorldCase = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

/** The stand-in of a case. */
export function optionsOf(world: WorldCase, kill: KillSwitch): FakeApiOptions {
  const { count, days, start, end, every, insert, remove, change, where, seed, oddity } = world;
  const { order, ties, pageSize, replicas, lag } = world;
  const to = Date.now() - 60_000;
  return {
    generated: { count, seed, from: to - days * DAY_MS, to },
    ...{ seed, order, ties, pageSize, replicas, lag },
    bounds: { start, end },
    // Where sessions fall between spans and others come and go, no count can tell.
    drift: "filter" in oddity ? [] : { every, insert, remove, change, where },
    ...oddity,
    idField: ID,
    logLimit: 0,
    onRequest(request) {
      if (request === kill.at) kill.fire();
    },
  };
}
