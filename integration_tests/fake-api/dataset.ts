import type { BaseSet } from "./base.ts";
import { type Inserted, insertedList } from "./inserted.ts";
import type { JsonRecord, JsonValue } from "./json.ts";
import { type Ranges, rangesOf } from "./ranges.ts";
import { removedIndexes } from "./removed.ts";
import { isSession } from "./session.ts";

/** The current sessions, ordered by start. An id is a session's hidden identity; it is never used again. */
export interface Dataset extends Ranges {
  /** Grows with every insertion, removal and change. */
  readonly version: number;
  /** @throws RangeError if no session has that id */
  readonly row: (id: number) => JsonValue;
  /** The start that a session is filed under, ms since the epoch. @throws RangeError if no session has that id */
  readonly timestamp: (id: number) => number;
  readonly has: (id: number) => boolean;
  /** Whether a session is not as it was when it came into the set. */
  readonly isChanged: (id: number) => boolean;
  /** The number of the first request whose answer could hold the session; 0 if it was there from the beginning. */
  readonly firstRequest: (id: number) => number;
  /** Gives the new sessions' ids. */
  readonly insert: (entries: readonly Omit<Inserted, "id">[]) => readonly number[];
  /** Gives whether the session was there. */
  readonly remove: (id: number) => boolean;
  /**
   * Sets fields of a session; gives false if it is not there or its row is not an object.
   * @throws RangeError if the patch moves the session's start, which the API has no case of
   */
  readonly change: (id: number, patch: JsonRecord) => boolean;
}

/** A set that begins as `base`; only what differs from it takes memory. */
export function createDataset(base: BaseSet): Dataset {
  const inserted = insertedList();
  const removed = removedIndexes();
  const changed = new Map<number, JsonRecord>();
  let version = 0;
  let nextId = base.count;

  const has = (id: number) =>
    id < base.count ? id >= 0 && !removed.has(id) : inserted.get(id) !== undefined;
  const entry = (id: number): Inserted => {
    const found = inserted.get(id);
    if (found === undefined) throw new RangeError(`no session ${id}`);
    return found;
  };
  const row = (id: number): JsonValue =>
    changed.get(id) ?? (id < base.count ? base.rowAt(id) : entry(id).row());

  return {
    ...rangesOf(base, removed, inserted),
    get version() {
      return version;
    },
    row,
    has,
    timestamp: (id) => (id < base.count ? base.timestampAt(id) : entry(id).timestamp),
    isChanged: (id) => changed.has(id),
    firstRequest: (id) => (id < base.count ? 0 : entry(id).firstRequest),
    insert: (entries) => {
      const added = entries.map((given, at) => ({ ...given, id: nextId + at }));
      inserted.add(added);
      nextId += added.length;
      version += 1;
      return added.map(({ id }) => id);
    },
    remove: (id) => {
      const gone = id < base.count ? has(id) && removed.add(id) : inserted.remove(id);
      if (gone) {
        changed.delete(id);
        version += 1;
      }
      return gone;
    },
    change: (id, patch) => {
      const current = has(id) ? row(id) : undefined;
      if (!isSession(current)) return false;
      if (Object.hasOwn(patch, "timestamp") && patch["timestamp"] !== current.timestamp)
        throw new RangeError("a session keeps its start");
      changed.set(id, { ...current, ...patch });
      version += 1;
      return true;
    },
  };
}
