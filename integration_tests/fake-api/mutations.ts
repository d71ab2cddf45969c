import { type BaseSet, regularsOf, statedStart } from "./base.ts";
import type { Dataset } from "./dataset.ts";
import { generateSession } from "./generate.ts";
import type { JsonRecord, JsonValue } from "./json.ts";
import { scheduler } from "./schedule.ts";
import { isSession, type Session } from "./session.ts";

/** A range of starts, ms since the epoch, for calls of the stand-in's own: `start` inclusive, `end` exclusive. */
export interface TimeRange {
  /** Default: the earliest. */
  readonly start?: number;
  /** Default: no end. */
  readonly end?: number;
}

/** Which sessions: by hidden identity, by rank in time (from 0), or all that fit; the last two within a range. */
export type Which =
  | { readonly ids: readonly number[] }
  | (TimeRange & { readonly nth: number })
  | (TimeRange & { readonly where: (session: Session, id: number) => boolean });

/** Fields to set, or what makes them of the session as it is. `undefined` takes a field away. */
export type Patch = JsonRecord | ((session: Session, id: number) => JsonRecord);

/** Moves the set at run time. All give the hidden identities of the sessions that they moved. */
export interface Mutations {
  /** Adds rows; one that states no start is filed under the present. */
  readonly insert: (rows: readonly JsonValue[]) => readonly number[];
  /** Adds generated sessions with these starts, ms since the epoch. */
  readonly insertGenerated: (starts: readonly number[]) => readonly number[];
  /** Adds so many generated sessions that start from `from` (inclusive) to `to` (exclusive), ms since the epoch. */
  readonly appendGenerated: (count: number, from: number, to: number) => readonly number[];
  readonly remove: (which: Which) => readonly number[];
  /** Skips rows that are not objects. @throws RangeError if the patch moves a session's start */
  readonly change: (which: Which, patch: Patch) => readonly number[];
}

/** What mutations need to know of the stand-in. */
export interface MutationContext {
  readonly base: BaseSet;
  readonly dataset: Dataset;
  readonly seed: number;
  /** ms since the epoch. */
  readonly now: () => number;
  /** The number of the first request whose answer will hold what is added now. */
  readonly nextRequest: () => number;
}

/** The ids of the sessions that are meant; those that are gone are left out. */
function resolve(dataset: Dataset, which: Which): readonly number[] {
  if ("ids" in which) return which.ids.filter(dataset.has);
  const range = dataset.range(which.start ?? Number.NEGATIVE_INFINITY, which.end ?? Number.POSITIVE_INFINITY);
  if ("nth" in which) return which.nth < 0 ? [] : dataset.ids(range, which.nth, 1);
  return dataset.ids(range, 0, range.total).filter((id) => {
    const row = dataset.row(id);
    return isSession(row) && which.where(row, id);
  });
}

/** The mutations of a stand-in's set. */
export function mutationsOf(context: MutationContext): Mutations {
  const { base, dataset, seed, now, nextRequest } = context;
  const pool = regularsOf(base.count);
  // Numbers that no session of the generated base has, so that nobody is born twice.
  let born = base.count;

  const insertGenerated = (starts: readonly number[]): readonly number[] => {
    const firstRequest = nextRequest();
    const first = born;
    born += starts.length;
    return dataset.insert(
      starts.map((timestamp, at) => ({
        timestamp,
        firstRequest,
        row: () => generateSession(seed, first + at, timestamp, pool),
      })),
    );
  };

  return {
    insertGenerated,
    insert: (rows) => {
      const firstRequest = nextRequest();
      return dataset.insert(
        rows.map((row) => ({ timestamp: statedStart(row) ?? now(), firstRequest, row: () => row })),
      );
    },
    appendGenerated: (count, from, to) => {
      if (!(from < to)) throw new RangeError(`no time between ${from} and ${to}`);
      const timestampAt = scheduler({ count, seed: seed + born, from, to });
      return insertGenerated(Array.from({ length: count }, (_, index) => timestampAt(index)));
    },
    remove: (which) => resolve(dataset, which).filter(dataset.remove),
    change: (which, patch) =>
      resolve(dataset, which).filter((id) => {
        const row = dataset.row(id);
        if (!isSession(row)) return false;
        return dataset.change(id, typeof patch === "function" ? patch(row, id) : patch);
      }),
  };
}
