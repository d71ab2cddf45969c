import type { BaseSet } from "./base.ts";
import { createDataset, type Dataset } from "./dataset.ts";
import type { Drift } from "./drift.ts";
import { ENDPOINTS, type Endpoint, EXPORT_PATH } from "./endpoints.ts";
import type { FaultRule } from "./faults.ts";
import type { Handle } from "./handle.ts";
import { mutationsOf } from "./mutations.ts";
import { baseSetOf, type FakeApiOptions, type Settings, settingsOf } from "./options.ts";
import { createPager, type Pager } from "./order.ts";
import { type Membership, membershipOf } from "./segments.ts";
import { type Counters, newCounters, type RequestLog, requestLog } from "./stats.ts";
import type { Switches } from "./switches.ts";
import { truthOf } from "./truth.ts";

/** The rows that are served at one path. */
interface ServedSet {
  readonly endpoint: Endpoint;
  readonly base: BaseSet;
  readonly dataset: Dataset;
  readonly membership: Membership;
  readonly pager: Pager;
}

/** All that a stand-in is, but for its server. Tests move the sessions; other sets stay as they are. */
export interface World {
  readonly settings: Settings;
  /** By path. */
  readonly sets: ReadonlyMap<string, ServedSet>;
  /** Of the sessions. */
  readonly dataset: Dataset;
  readonly membership: Membership;
  readonly handle: Handle;
  readonly counters: Counters;
  readonly log: RequestLog;
  /** What may be replaced or moves on while the stand-in runs. */
  readonly now: {
    switches: Switches;
    drift: readonly Drift[];
    faults: readonly FaultRule[];
    /** The number of the request that is being answered, or else of the next. */
    request: number;
  };
}

function asList<T extends object>(one: T | readonly T[] | undefined): readonly T[] {
  if (one === undefined) return [];
  return isList(one) ? one : [one];
}

function isList<T>(one: T | readonly T[]): one is readonly T[] {
  return Array.isArray(one);
}

/** A stand-in's world at its beginning. */
export function createWorld(options: FakeApiOptions): World {
  const settings = settingsOf(options);
  const sets = new Map(
    [...ENDPOINTS].map(([path, endpoint]) => [path, createSet(settings, path, endpoint)] as const),
  );
  const { base, dataset, membership } = setAt({ sets }, EXPORT_PATH);
  const now: World["now"] = {
    switches: settings,
    drift: asList(settings.drift),
    faults: settings.faults ?? [],
    request: 1,
  };
  const nextRequest = () => now.request;
  const handle: Handle = {
    ...mutationsOf({ base, dataset, seed: settings.seed, now: settings.now, nextRequest }),
    ...truthOf(dataset, membership, nextRequest),
    size: () => dataset.range(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY).total,
    setSwitches: (switches) => {
      now.switches = { ...now.switches, ...switches };
    },
    setDrift: (rules) => {
      now.drift = rules;
    },
    setFaults: (rules) => {
      now.faults = rules;
    },
  };
  return {
    settings,
    sets,
    dataset,
    membership,
    handle,
    counters: newCounters(),
    log: requestLog(settings.logLimit),
    now,
  };
}

function createSet(settings: Settings, path: string, endpoint: Endpoint): ServedSet {
  const base = baseSetOf(settings, path, endpoint);
  const dataset = createDataset(base);
  const membership = membershipOf(settings.segments, dataset);
  return { endpoint, base, dataset, membership, pager: createPager(dataset, membership, settings.seed) };
}

/** The rows at a path. @throws RangeError where none are served */
export function setAt({ sets }: Pick<World, "sets">, path: string): ServedSet {
  const found = sets.get(path);
  if (found === undefined) throw new RangeError(`nothing at ${path}`);
  return found;
}
