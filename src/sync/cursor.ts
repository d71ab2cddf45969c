import { isCount, isObject } from "../json-value.ts";
import type { Cell } from "./cell.ts";
import { decodeCells, encodeCells } from "./cell-codec.ts";
import type { SliceProgress } from "./slice.ts";

/** How far a set has been read. */
export interface Cursor {
  /** Unix ms: every session that started before it has been emitted. */
  readonly timestamp: number;
  /** The slice that is half read. */
  readonly slice?: SliceProgress;
  /** Unix s: end of the window that the sync set out to read, the first try's if it took several. */
  readonly until?: number;
  /** Unix s: where reading goes on, while the lookback is being read again; otherwise it goes on at timestamp. */
  readonly at?: number;
  /** Unix s: the start date that history was read from. */
  readonly since?: number;
  /** Fingerprints of what was emitted lately. */
  readonly cells: readonly Cell[];
}

/** A state that no version of this connector wrote. */
export class BadCursor extends Error {}

/** The cursor as it stands in a STATE message. */
export function encodeCursor(cursor: Cursor): Readonly<Record<string, unknown>> {
  const { cells, ...rest } = cursor;
  const seen = encodeCells(cells);
  return seen === undefined ? rest : { ...rest, seen };
}

/**
 * Reads a cursor back. `timestamp` alone is enough; of the other keys, those that another version wrote in another
 * form are passed over, which costs reading again and loses nothing.
 * @returns undefined for a state without anything in it
 * @throws BadCursor
 */
export function decodeCursor(value: unknown): Cursor | undefined {
  if (value === null || value === undefined) return undefined;
  if (!isObject(value)) throw new BadCursor("it is not an object");
  const { timestamp, slice, until, at, since, seen } = value;
  if (Object.keys(value).length === 0) return undefined;
  if (!isCount(timestamp)) throw new BadCursor("timestamp is no Unix time in ms");
  const half = slice === undefined || slice === null ? undefined : decodeSlice(slice);
  // Reading goes on at the timestamp or before it: anywhere later would leave a hole.
  const progress = half !== undefined && half.start * 1000 <= timestamp ? half : undefined;
  return {
    timestamp,
    ...(progress !== undefined && { slice: progress }),
    ...(isCount(until) && { until }),
    ...(isCount(at) && at * 1000 < timestamp && { at }),
    ...(isCount(since) && { since }),
    cells: decodeCells(seen) ?? [],
  };
}

function decodeSlice(value: unknown): SliceProgress | undefined {
  if (!isObject(value)) throw new BadCursor("slice is not an object");
  const { start, end, offset, total, last, twins } = value;
  if (!isCount(start) || !isCount(end) || start >= end) throw new BadCursor("slice is no span of time");
  if (!isCount(offset) || !isCount(total) || offset > total)
    throw new BadCursor("slice has no offset within its total");
  // Without the row that was last there is nothing to see the set unmoved by: the slice is read again.
  if (typeof last !== "string" || last === "" || !isCount(twins) || twins > offset || offset === 0)
    return undefined;
  return { start, end, offset, total, last, twins };
}
