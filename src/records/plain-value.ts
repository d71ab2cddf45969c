import type { PlainRow } from "../browsee/page.ts";
import { NINE, ZERO } from "../json-bytes.ts";

/** The value of a plain row that stands there. @param start offset of its first byte @param end offset behind its last one */
export function parsedAt(bytes: Buffer, start: number, end: number): unknown {
  return JSON.parse(bytes.toString("utf8", start, end));
}

/**
 * A whole number in a plain row.
 * @param field of kind "whole"
 * @returns undefined where it is absent or null
 */
export function wholeIn(row: PlainRow, field: number): number | undefined {
  const { bytes } = row;
  const end = row.valueEnd(field);
  let value: number | undefined;
  for (let at = row.valueStart(field); at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < ZERO || byte > NINE) return undefined;
    value = (value ?? 0) * 10 + byte - ZERO;
  }
  return value;
}
