import type { ByteWriter } from "./byte-writer.ts";

const DAY_MS = 86_400_000;
/** Years that every destination can store. Date.UTC would take year 1 for 1901. */
const FIRST = Date.parse("0001-01-01T00:00:00Z");
const LAST = Date.UTC(10_000, 0, 1) - 1;

const POINT = ".".charCodeAt(0);
const COLON = ":".charCodeAt(0);

/**
 * Turns Unix ms into an ISO 8601 instant in UTC, e.g. 2024-01-31T23:59:59.123Z.
 * @returns null for undefined, and outside the years 1 to 9999
 */
export function toInstant(at: number | undefined): string | null {
  return at === undefined || at < FIRST || at > LAST ? null : new Date(at).toISOString();
}

/** Writes the same as JSON. */
export type InstantWriter = (out: ByteWriter, at: number | undefined) => void;

/** A writer that keeps the day it met last, since sessions come by the hundred a day. */
export function createInstantWriter(): InstantWriter {
  let day = Number.NaN;
  let date = "";
  return (out, at) => {
    if (at === undefined || at < FIRST || at > LAST) {
      out.ascii("null");
      return;
    }
    const number = Math.floor(at / DAY_MS);
    if (number !== day) {
      day = number;
      date = `"${new Date(number * DAY_MS).toISOString().slice(0, 11)}`;
    }
    // Whole numbers of 32 bits: their remainders are found faster than those of others.
    const ms = (at - number * DAY_MS) | 0;
    const seconds = (ms / 1000) | 0;
    out.ascii(date);
    out.whole((seconds / 3600) | 0, 2);
    out.byte(COLON);
    out.whole(((seconds / 60) | 0) % 60, 2);
    out.byte(COLON);
    out.whole(seconds % 60, 2);
    out.byte(POINT);
    out.whole(ms % 1000, 3);
    out.ascii('Z"');
  };
}
