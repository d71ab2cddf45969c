import { isCount, isObject } from "../json.ts";
import { compact, type Fingerprint } from "./fingerprints.ts";

/** A window that is half read (state key `slice`). Unix s. */
interface OpenSlice {
  /** Inclusive: where reading goes on. */
  readonly start: number;
  /** Exclusive: the window's end. */
  readonly end: number;
  /** Inclusive: where what was counted begins. */
  readonly from: number;
  /** What the API counted at the beginning of the window, its margins included. */
  readonly total: number;
  /** Different rows of it that have been dealt with. */
  readonly came: number;
  /** Whether the API filters by another time than the row's start. */
  readonly hasStrays: boolean;
}

/** How far a partition has been read. */
export interface Cursor {
  /** Unix ms: every row that started before it has been written, unless the API filters by another time. */
  readonly timestamp: number;
  readonly slice?: OpenSlice;
  /** Unix s: in a state of 0.1.0, the end of its window, or where the next sync looks back from. */
  readonly until?: number;
  /** Unix s: the start date from which on history has been read without a gap. */
  readonly since?: number;
  /** What was written lately; ascending. */
  readonly fingerprints: readonly Fingerprint[];
}

/** The cursor before the first sync. */
export const NOTHING_READ: Cursor = { timestamp: 0, fingerprints: [] };

/** A state that no version of this connector wrote. */
export class BadCursor extends Error {}

/** The cursor as it stands in a STATE message. @param most fingerprints that it may have */
export function encodeCursor(
  { timestamp, slice, until, since, fingerprints }: Cursor,
  most: number,
): Readonly<Record<string, unknown>> {
  const edges = slice === undefined ? [] : [slice.start];
  const few = compact(fingerprints, most, edges, slice?.end ?? Math.floor(timestamp / 1000));
  return {
    timestamp,
    ...(slice !== undefined && { slice: encodeSlice(slice) }),
    ...(until !== undefined && { until }),
    ...(since !== undefined && { since }),
    ...(few[0] !== undefined && { seen: { start: few[0].start, cells: encodeFingerprints(few) } }),
  };
}

function encodeSlice({ came, hasStrays, ...slice }: OpenSlice): object {
  // More rows than were counted at first may have come.
  const { total } = slice;
  return {
    ...slice,
    offset: Math.min(came, total),
    ...(came > total && { came }),
    ...(hasStrays && { strays: true }),
  };
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
  if (Object.keys(value).length === 0) return undefined;
  const { timestamp, until, since, seen } = value;
  if (!isCount(timestamp)) throw new BadCursor("timestamp is no Unix time in ms");
  const slice = decodeSlice(value["slice"] ?? undefined);
  // Fingerprints in a slice of 0.1.0 also hold rows that had yet to be written.
  const fingerprints = slice === "of 0.1.0" ? [] : decodeFingerprints(seen);
  return {
    timestamp,
    // Reading goes on at the timestamp or before it: anywhere later would leave a hole.
    ...(typeof slice === "object" && slice.start * 1000 <= timestamp && { slice }),
    ...(isCount(until) && { until }),
    ...(isCount(since) && { since }),
    fingerprints,
  };
}

/** A slice of 0.1.0 was a part of a window: reading goes on at the timestamp. @throws BadCursor */
function decodeSlice(value: unknown): OpenSlice | "of 0.1.0" | undefined {
  if (value === undefined) return undefined;
  if (!isObject(value)) throw new BadCursor("slice is not an object");
  const { start, end, offset, total, from, came, strays } = value;
  if (!isCount(start) || !isCount(end) || start >= end) throw new BadCursor("slice is no span of time");
  if (!isCount(offset) || !isCount(total) || offset > total)
    throw new BadCursor("slice has no offset within its total");
  if (!isCount(from) || from > start) return "of 0.1.0";
  return {
    ...{ start, end, from, total },
    came: isCount(came) ? came : offset,
    hasStrays: strays === true,
  };
}

/** base64url of, for each: varint 2 × width + read?, and if read varint rows and the sum, 4 bytes. */
function encodeFingerprints(fingerprints: readonly Fingerprint[]): string {
  const bytes: number[] = [];
  for (const { start, end, rows, sum } of fingerprints) {
    pushVarint(bytes, (end - start) * 2 + (sum === undefined ? 0 : 1));
    if (sum === undefined) continue;
    pushVarint(bytes, rows);
    bytes.push(sum & 0xff, (sum >>> 8) & 0xff, (sum >>> 16) & 0xff, sum >>> 24);
  }
  return Buffer.from(bytes).toString("base64url");
}

/** The fingerprints of a state (key `seen`); none where they can't be read, e.g. another version's. */
function decodeFingerprints(value: unknown): readonly Fingerprint[] {
  const { start: first, cells } = isObject(value) ? value : {};
  if (!isCount(first) || typeof cells !== "string") return [];
  const bytes = Buffer.from(cells, "base64url");
  const fingerprints: Fingerprint[] = [];
  for (let start = first, at = 0; at < bytes.length; ) {
    const [head, afterHead] = readVarint(bytes, at);
    const end = start + Math.floor(head / 2);
    const [rows, afterRows] = head % 2 === 0 ? [0, afterHead] : readVarint(bytes, afterHead);
    const isRead = afterRows > afterHead;
    at = isRead ? afterRows + 4 : afterHead;
    if (end <= start || !Number.isSafeInteger(end) || at > bytes.length) return [];
    fingerprints.push({ start, end, rows, sum: isRead ? bytes.readUInt32LE(afterRows) : undefined });
    start = end;
  }
  return fingerprints;
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
