import { invalidState } from "../protocol/state.ts";
import { BadCursor, type Cursor, decodeCursor, encodeCursor } from "../sync/cursor.ts";
import type { Partition } from "./stream.ts";

/** The state of a stream while its sets are read. */
export interface StreamState {
  /** Where a set's last sync ended; undefined at its first. */
  cursorOf(partition: Partition): Cursor | undefined;
  /** The stream's state with a set's new cursor in it (stream_state of a STATE message). */
  withCursor(partition: Partition, cursor: Cursor): object;
}

interface Entry {
  readonly partition: Readonly<Record<string, unknown>>;
  cursor: unknown;
}

/**
 * A stream of one set has its cursor as state; one of several has {"states": [{partition, cursor}]}, in which the
 * entries of sets that are not read are kept as they are.
 * @param before stream_state of the --state file
 * @throws ConnectorError state_invalid
 */
export function createStreamState(partitions: readonly Partition[], before: unknown): StreamState {
  const single = partitions.every(({ partition }) => partition === undefined);
  if (single) {
    const begun = decode(before);
    return { cursorOf: () => begun, withCursor: (_, cursor) => encodeCursor(cursor) };
  }
  const entries = parseEntries(before);
  const find = (wanted: Partition["partition"]) =>
    entries.find(({ partition }) => same(partition, wanted ?? {}));
  for (const { partition } of partitions) decode(find(partition)?.cursor);
  return {
    cursorOf: ({ partition }) => decode(find(partition)?.cursor),
    withCursor({ partition }, cursor) {
      const encoded = encodeCursor(cursor);
      const entry = find(partition);
      if (entry === undefined) entries.push({ partition: partition ?? {}, cursor: encoded });
      else entry.cursor = encoded;
      return { states: entries.map((each) => ({ ...each })) };
    },
  };
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
  return before.states.map((entry) => ({ ...entry }));
}

function isEntry(value: unknown): value is Entry {
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
