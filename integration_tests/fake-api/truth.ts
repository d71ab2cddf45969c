import type { Dataset } from "./dataset.ts";
import { isRecord, type JsonValue, withoutUndefined } from "./json.ts";
import type { TimeRange } from "./mutations.ts";
import type { Membership } from "./segments.ts";

/** A session as it is now, with what the API does not tell. */
export interface TrueSession {
  /** Its hidden identity. */
  readonly id: number;
  /** The start that it is filed under, ms since the epoch. */
  readonly timestamp: number;
  /** The whole row, before any fault or `select`. */
  readonly row: JsonValue;
}

/** A range and a segment of it. */
export type TruthQuery = TimeRange & { readonly segmentId?: string };

/** What a test may hold an export against. */
export interface Truth {
  /** The current sessions by start. The set must not be moved while it is read. */
  readonly truth: (query?: TruthQuery) => Generator<TrueSession, void, undefined>;
  /** Begins tracking: the number of the next request, for `presentThroughout`. */
  readonly mark: () => number;
  /** The current sessions that were there when request `sinceRequest` was answered, and so ever since. */
  readonly presentThroughout: (
    sinceRequest: number,
    query?: TruthQuery,
  ) => Generator<TrueSession, void, undefined>;
}

/** Ids are looked up so many at a time, so that reading a large set holds little. */
const STEP = 1000;

/** The truth about `dataset`. */
export function truthOf(dataset: Dataset, membership: Membership, nextRequest: () => number): Truth {
  function* truth(query: TruthQuery = {}): Generator<TrueSession, void, undefined> {
    const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY, segmentId } = query;
    const range = dataset.range(start, end);
    for (let from = 0; from < range.total; from += STEP) {
      for (const id of dataset.ids(range, from, STEP)) {
        if (segmentId !== undefined && !membership.belongs(segmentId, id)) continue;
        const row = dataset.row(id);
        yield { id, timestamp: dataset.timestamp(id), row: isRecord(row) ? withoutUndefined(row) : row };
      }
    }
  }

  return {
    truth,
    mark: nextRequest,
    *presentThroughout(sinceRequest, query) {
      for (const session of truth(query)) {
        if (dataset.firstRequest(session.id) <= sinceRequest) yield session;
      }
    },
  };
}
