import type { JsonValue } from "./json.ts";
import { firstIndex } from "./search.ts";

/** A session that was not in the set from the beginning. */
export interface Inserted {
  /** Its hidden identity, never sent. */
  readonly id: number;
  /** The start that it is filed under, ms since the epoch. */
  readonly timestamp: number;
  /** The number of the first request whose answer could hold it. */
  readonly firstRequest: number;
  /** Made when it is asked for: appended sets may be large. */
  readonly row: () => JsonValue;
}

/** The inserted sessions, ordered by start and then by identity. */
export interface InsertedList {
  readonly size: number;
  readonly get: (id: number) => Inserted | undefined;
  /** @throws RangeError if the position (from 0) is not below the size */
  readonly at: (position: number) => Inserted;
  /** How many started before `time` (ms since the epoch). */
  readonly before: (time: number) => number;
  readonly add: (entries: readonly Inserted[]) => void;
  /** Gives whether it was there. */
  readonly remove: (id: number) => boolean;
}

/** An empty list. */
export function insertedList(): InsertedList {
  const byId = new Map<number, Inserted>();
  let entries: Inserted[] = [];
  const order = (one: Inserted, other: Inserted) => one.timestamp - other.timestamp || one.id - other.id;
  const at = (position: number): Inserted => {
    const entry = entries[position];
    if (entry === undefined) throw new RangeError(`no inserted session ${position}`);
    return entry;
  };
  const place = (entry: Inserted) => firstIndex(0, entries.length, (index) => order(at(index), entry) >= 0);

  return {
    get size() {
      return entries.length;
    },
    get: (id) => byId.get(id),
    at,
    before: (time) => firstIndex(0, entries.length, (index) => at(index).timestamp >= time),
    add: (added) => {
      for (const entry of added) byId.set(entry.id, entry);
      // One at a time while they are few: drift must not sort a long list at every request.
      if (added.length < 16) for (const entry of added) entries.splice(place(entry), 0, entry);
      else entries = [...entries, ...added].sort(order);
    },
    remove: (id) => {
      const entry = byId.get(id);
      if (entry === undefined) return false;
      entries.splice(place(entry), 1);
      return byId.delete(id);
    },
  };
}
