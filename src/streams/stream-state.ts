import { invalidState } from "../protocol/state.ts";
import { BadCursor, type Cursor, decodeCursor, encodeCursor } from "../sync/cursor.ts";
import { countRows } from "../sync/fingerprints.ts";
import type { Partition } from "./stream.ts";

/** Fingerprints in the state of a stream of one partition, at some 11 characters each. */
const FINGERPRINTS = 560;
/** Characters that the state of a stream of many partitions should stay under, */
const MOST_CHARACTERS = 60_000;
/** those of a partition without fingerprints, and of a fingerprint. */
const CHARACTERS_A_PARTITION = 200;
const CHARACTERS_A_FINGERPRINT = 11;
/** What each of many partitions may hold at least. */
const FEWEST_FINGERPRINTS = 2;

/** The state of a stream while its partitions are read. */
export interface StreamState {
  /** Where a partition's last sync ended; undefined at its first. */
  cursorOf(partition: Partition): Cursor | undefined;
  /** Notes where a partition's reading stands. */
  set(partition: Partition, cursor: Cursor): void;
  /** stream_state of a STATE message. */
  encode(): object;
}

interface Entry {
  readonly partition: Readonly<Record<string, unknown>>;
  /** As the state before has it, to be kept where the partition is not read. */
  readonly before: object | undefined;
  /** undefined where the partition is not read, or was never read. */
  cursor: Cursor | undefined;
}

/**
 * A stream of one partition has its cursor as state; one of several has {"states": [{partition, cursor}]}, in which the
 * entries of partitions that are not read are kept as they are.
 * @param before stream_state of the --state file
 * @throws ConnectorError state_invalid
 */
export function createStreamState(partitions: readonly Partition[], before: unknown): StreamState {
  return partitions.every((partition) => Object.keys(partition).length === 0)
    ? singleState(before)
    : partitionedState(partitions, before);
}

function singleState(before: unknown): StreamState {
  const begun = decode(before);
  let cursor = begun;
  return {
    cursorOf: () => begun,
    set(_, next) {
      cursor = next;
    },
    encode: () => (cursor === undefined ? {} : encodeCursor(cursor, FINGERPRINTS)),
  };
}

function partitionedState(partitions: readonly Partition[], before: unknown): StreamState {
  const found = parseEntries(before);
  const find = (list: readonly Entry[], partition: Partition) =>
    list.find((entry) => same(entry.partition, partition));
  const entries = [...found];
  for (const partition of partitions) {
    const entry = find(found, partition);
    if (entry !== undefined) entry.cursor = decode(Object(entry.before)["cursor"]);
    else entries.push({ partition, before: undefined, cursor: undefined });
  }
  return {
    cursorOf: (partition) => find(entries, partition)?.cursor,
    set(partition, cursor) {
      const entry = find(entries, partition);
      if (entry !== undefined) entry.cursor = cursor;
    },
    encode: () => ({ states: encodeEntries(entries) }),
  };
}

/** Fingerprints are shared by what the partitions hold. */
function encodeEntries(entries: readonly Entry[]): readonly object[] {
  const room = (MOST_CHARACTERS - entries.length * CHARACTERS_A_PARTITION) / CHARACTERS_A_FINGERPRINT;
  const rowsOf = ({ cursor }: Entry) => countRows(cursor?.fingerprints ?? []);
  const all = entries.reduce((sum, entry) => sum + rowsOf(entry), 0);
  return entries.flatMap((entry) => {
    const { partition, before, cursor } = entry;
    if (cursor === undefined) return before ?? [];
    const share = Math.floor((room * rowsOf(entry)) / Math.max(1, all));
    const most = Math.min(FINGERPRINTS, Math.max(FEWEST_FINGERPRINTS, share));
    return { partition, cursor: encodeCursor(cursor, most) };
  });
}

function decode(value: unknown): Cursor | undefined {
  try {
    return decodeCursor(value);
  } catch (error) {
    throw error instanceof BadCursor ? invalidState(error.message) : error;
  }
}

function parseEntries(before: unknown): Entry[] {
  if (before === undefined || before === null) return [];
  if (typeof before !== "object" || !("states" in before)) {
    if (typeof before === "object" && Object.keys(before).length === 0) return [];
    throw invalidState("it has no list of states");
  }
  if (!Array.isArray(before.states) || !before.states.every(isEntry))
    throw invalidState("states is no list of partitions");
  return before.states.map((entry) => ({ partition: entry.partition, before: entry, cursor: undefined }));
}

function isEntry(value: unknown): value is Pick<Entry, "partition"> {
  return (
    typeof value === "object" &&
    value !== null &&
    "partition" in value &&
    typeof value.partition === "object" &&
    value.partition !== null
  );
}

function same(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(b);
  return names.length === Object.keys(a).length && names.every((name) => a[name] === b[name]);
}
