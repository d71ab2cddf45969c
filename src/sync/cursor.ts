import { isCount, isObject } from "../json.ts";
import type { Fingerprint } from "./fingerprints.ts";

/** A window that is half read (state key `slice`). Unix s. */
export interface OpenSlice {
  /** Inclusive: where reading goes on. */
  readonly start: number;
  /** Exclusive: the window's end. */
  readonly end: number;
  /** Inclusive: where what was counted begins. */
  readonly from: number;
  /** What the API counted at the begin of the window, its margins included. */
  readonly total: number;
  /** Different rows of it that have been dealt with. */
  readonly came: number;
  /** Rows of a full page; 0 while unknown. */
  readonly page: number;
  /** Whether the API filters by another time than the row's start. */
  readonly strays: boolean;
}

/** How far a partition has been read. */
export interface Cursor {
  /** Unix ms: every row that started before it has been written. */
  readonly timestamp: number;
  readonly slice?: OpenSlice;
  /** Unix s: where the next sync looks back from, if not from timestamp; in a state of 0.1.0 also the end of an unfinished window. */
  readonly until?: number;
  /** Unix s: where reading goes on in a state of 0.1.0 that was reading its lookback. */
  readonly at?: number;
  /** Unix s: the start date from which on history has been read without a gap. */
  readonly since?: number;
  /** Fingerprints of what was written lately. */
  readonly fingerprints: readonly Fingerprint[];
}

/** A state that no version of this connector wrote. */
export class BadCursor extends Error {}

/** The cursor as it stands in a STATE message. */
export function encodeCursor({ fingerprints, slice, ...rest }: Cursor): Readonly<Record<string, unknown>> {
  const seen = encodeFingerprints(fingerprints);
  return {
    ...rest,
    ...(slice !== undefined && { slice: encodeSlice(slice) }),
    ...(seen !== undefined && { seen }),
  };
}

function encodeSlice({ start, end, from, total, came, page, strays }: OpenSlice): object {
  // More rows than were counted at first may have come.
  const offset = Math.min(came, total);
  return { start, end, offset, total, from, page, ...(came > total && { came }), ...(strays && { strays }) };
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
  const { timestamp, slice: sliceValue, until, at, since, seen } = value;
  if (Object.keys(value).length === 0) return undefined;
  if (!isCount(timestamp)) throw new BadCursor("timestamp is no Unix time in ms");
  const slice = sliceValue === undefined || sliceValue === null ? undefined : decodeSlice(sliceValue);
  // Reading goes on at the timestamp or before it: anywhere later would leave a hole.
  const open = slice !== undefined && slice.start * 1000 <= timestamp ? slice : undefined;
  return {
    timestamp,
    ...(open !== undefined && { slice: open }),
    ...(isCount(until) && { until }),
    ...(isCount(at) && at * 1000 < timestamp && { at }),
    ...(isCount(since) && { since }),
    fingerprints: knownOf(seen, slice === undefined ? sliceValue : undefined),
  };
}

/**
 * @param half a slice of 0.1.0: fingerprints of it also hold rows that were about to be written when the state was,
 * so they count as unread
 */
function knownOf(seen: unknown, half: unknown): readonly Fingerprint[] {
  const known = decodeFingerprints(seen) ?? [];
  if (!isObject(half)) return known;
  const isIn = ({ start, end }: Fingerprint) => end > Number(half["start"]) && start < Number(half["end"]);
  return known.map((each) => (isIn(each) ? { ...each, rows: 0, sum: undefined } : each));
}

/** @returns undefined for a slice of 0.1.0, which was a part of a window: reading goes on at the timestamp */
function decodeSlice(value: unknown): OpenSlice | undefined {
  if (!isObject(value)) throw new BadCursor("slice is not an object");
  const { start, end, offset, total, from, came, page, strays } = value;
  if (!isCount(start) || !isCount(end) || start >= end) throw new BadCursor("slice is no span of time");
  if (!isCount(offset) || !isCount(total) || offset > total)
    throw new BadCursor("slice has no offset within its total");
  if (!isCount(from) || from > start) return undefined;
  const rows = isCount(page) ? page : 0;
  return {
    start,
    end,
    from,
    total,
    came: isCount(came) ? came : offset,
    page: rows,
    strays: strays === true,
  };
}

/** Fingerprints as they stand in the state (state key `seen`). */
interface EncodedFingerprints {
  /** Start of the first fingerprint, Unix s. */
  readonly start: number;
  /** base64url of, for each one: varint 2 × width + read?, and if read varint rows and the sum, 4 bytes. */
  readonly cells: string;
}

/** Adjacent fingerprints in ascending order, in some eight bytes each; undefined for none. */
function encodeFingerprints(fingerprints: readonly Fingerprint[]): EncodedFingerprints | undefined {
  const first = fingerprints[0];
  if (first === undefined) return undefined;
  const bytes: number[] = [];
  for (const { start, end, rows, sum } of fingerprints) {
    pushVarint(bytes, (end - start) * 2 + (sum === undefined ? 0 : 1));
    if (sum === undefined) continue;
    pushVarint(bytes, rows);
    bytes.push(sum & 0xff, (sum >>> 8) & 0xff, (sum >>> 16) & 0xff, sum >>> 24);
  }
  return { start: first.start, cells: Buffer.from(bytes).toString("base64url") };
}

/** The fingerprints of a state; undefined where they can't be read, e.g. another version's. */
function decodeFingerprints(value: unknown): readonly Fingerprint[] | undefined {
  if (!isEncoded(value)) return undefined;
  const bytes = Buffer.from(value.cells, "base64url");
  const fingerprints: Fingerprint[] = [];
  let start = value.start;
  for (let at = 0; at < bytes.length; ) {
    const [head, afterHead] = readVarint(bytes, at);
    const end = start + Math.floor(head / 2);
    if (end <= start || !Number.isSafeInteger(end)) return undefined;
    if (head % 2 === 0) {
      fingerprints.push({ start, end, rows: 0, sum: undefined });
      at = afterHead;
    } else {
      const [rows, afterRows] = readVarint(bytes, afterHead);
      if (afterRows + 4 > bytes.length) return undefined;
      fingerprints.push({ start, end, rows, sum: bytes.readUInt32LE(afterRows) });
      at = afterRows + 4;
    }
    start = end;
  }
  return fingerprints;
}

function isEncoded(value: unknown): value is EncodedFingerprints {
  return (
    typeof value === "object" &&
    value !== null &&
    "start" in value &&
    Number.isSafeInteger(value.start) &&
    "cells" in value &&
    typeof value.cells === "string"
  );
}

function pushVarint(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  bytes.push(rest);
}

/** @returns the number and the offset behind it; Infinity where the bytes end too soon */
function readVarint(bytes: Buffer, from: number): readonly [number, number] {
  let value = 0;
  let scale = 1;
  for (let at = from; ; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) return [Number.POSITIVE_INFINITY, at];
    value += (byte % 0x80) * scale;
    scale *= 0x80;
    if (byte < 0x80) return [value, at + 1];
  }
}
