import { isDeepStrictEqual } from "node:util";
import { field, isEmpty, isObject } from "../json.ts";
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

interface Entry {
  readonly partition: Readonly<Record<string, unknown>>;
  /** As the state before has it, to be kept where the partition is not read. */
  readonly before?: object;
  /** undefined where the partition is not read, or was never read. */
  cursor: Cursor | undefined;
}

/** The state of a stream while its partitions are read. */
export type StreamState = ReturnType<typeof createStreamState>;

/**
 * A stream of one partition has its cursor as state; one of several has {"states": [{partition, cursor}]}, in which the
 * entries of partitions that are not read are kept as they are.
 * @param before stream_state of the --state file
 * @throws ConnectorError state_invalid
 */
export function createStreamState(partitions: readonly Partition[], before: unknown) {
  const isUnpartitioned = partitions.every((partition) => Object.keys(partition).length === 0);
  const whole: Entry | undefined = isUnpartitioned ? { partition: {}, cursor: decode(before) } : undefined;
  const entries = whole === undefined ? entriesOf(partitions, before) : [whole];
  return {
    /** Where a partition's reading stands; undefined before its first. */
    cursorOf: (partition: Partition) => find(entries, partition)?.cursor,
    /** Notes where a partition's reading stands. */
    set(partition: Partition, cursor: Cursor): void {
      const entry = find(entries, partition);
      if (entry !== undefined) entry.cursor = cursor;
    },
    /** stream_state of a STATE message. */
    encode(): object {
      if (whole === undefined) return { states: encodeEntries(entries) };
      return whole.cursor === undefined ? {} : encodeCursor(whole.cursor, FINGERPRINTS);
    },
  };
}

/** The entries of the state before, and one for each partition that has none there. */
function entriesOf(partitions: readonly Partition[], before: unknown): readonly Entry[] {
  const entries = parseEntries(before);
  for (const partition of partitions) {
    const entry = find(entries, partition);
    if (entry === undefined) entries.push({ partition, cursor: undefined });
    else entry.cursor = decode(field(entry.before, "cursor"));
  }
  return entries;
}

function find(entries: readonly Entry[], partition: Partition): Entry | undefined {
  return entries.find((entry) => isDeepStrictEqual(entry.partition, partition));
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
  if (before === undefined || before === null || isEmpty(before)) return [];
  const states = field(before, "states");
  if (states === undefined) throw invalidState("it has no list of states");
  if (!Array.isArray(states) || !states.every(isEntry)) throw invalidState("states is no list of partitions");
  return states.map((entry) => ({ partition: entry.partition, before: entry, cursor: undefined }));
}

function isEntry(value: unknown): value is Pick<Entry, "partition"> {
  return isObject(field(value, "partition"));
}
