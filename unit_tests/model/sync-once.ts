import type { Api, Query } from "./api.ts";
import { EPOCH } from "./case.ts";
import type { Bounds, Written } from "./reader.ts";
import { engine } from "./run.ts";

/** What came out of one sync. */
export interface Synced {
  readonly written: readonly Written[];
  /** Every state that was put on record, through JSON. */
  readonly states: readonly unknown[];
  readonly state: unknown;
  readonly events: readonly unknown[];
  readonly error: unknown;
  readonly requests: number;
}

/** How a sync differs from one of all time since the start date. */
export interface SyncOptions extends Partial<Bounds> {
  readonly state?: unknown;
  readonly maxFingerprints?: number;
  readonly acceptCountMismatch?: boolean;
  /** Called before each request with its number in this sync, from 1; what it throws, the request throws. */
  readonly beforeRequest?: (number: number, query: Query) => void;
}

/** One sync of the engine over an API of the model. @param now Unix s */
export async function syncOnce(api: Api, now: number, options: SyncOptions = {}): Promise<Synced> {
  const written: Written[] = [];
  const states: unknown[] = [];
  const events: unknown[] = [];
  const { state, maxFingerprints = 560, acceptCountMismatch = false, beforeRequest, ...bounds } = options;
  const before = api.requests();
  const surroundings = {
    maxFingerprints,
    acceptCountMismatch,
    monotonicNow: () => 0,
    report: (event: unknown) => events.push(event),
    async fetch(query: Query) {
      beforeRequest?.(api.requests() - before + 1, query);
      return api.answer(query);
    },
    async records(batch: readonly Written[]) {
      written.push(...batch);
    },
    async checkpoint(next: unknown) {
      states.push(JSON.parse(JSON.stringify(next)));
    },
  };
  const all = { startDate: EPOCH, endDate: undefined, lookback: 86_400, now, ...bounds };
  const error = await engine(surroundings, state, all).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { written, states, state: states.at(-1) ?? state, events, error, requests: api.requests() - before };
}
