import type { PlainRow } from "../browsee/page.ts";
import { BACKSLASH, LETTER_N, QUOTE } from "../json-bytes.ts";
import { ByteWriter } from "./byte-writer.ts";
import { parsedAt } from "./plain-value.ts";

const NOTHING = "-".charCodeAt(0);
const SCALAR = "=".charCodeAt(0);
const SCALAR_END = ";".charCodeAt(0);
const LENGTH_END = ":".charCodeAt(0);
/** Room for what a key is made of, */
const MOST = 4096;
/** and for what is written beside a value of it. */
const BESIDE = 16;

/**
 * Writes what a key is made of from the bytes of a plain row: the same as is made of the parsed values.
 * @param salt stands before it
 * @returns a function of a row and of the fields to take, in order. Its result is valid until the next call, and
 * undefined where they are too long
 */
export function createPlainKeyText(
  salt: string,
): (row: PlainRow, fields: readonly number[]) => Buffer | undefined {
  const out = new ByteWriter(MOST);
  out.ascii(salt);
  const begin = out.at;
  /** Views of what was written, by their length: there are few, and making one takes longer than a key's hash. */
  const views: Buffer[] = [];
  return (row, fields) => {
    out.at = begin;
    for (const field of fields) {
      const start = row.valueStart(field);
      const end = row.valueEnd(field);
      if (out.at + end - start + BESIDE > MOST) return undefined;
      putPart(out, row.bytes, start, end);
    }
    views[out.at] ??= out.bytes.subarray(0, out.at);
    return views[out.at];
  };
}

function putPart(out: ByteWriter, bytes: Buffer, start: number, end: number): void {
  const first = start === 0 ? LETTER_N : bytes[start];
  if (first === LETTER_N || (first === QUOTE && end - start === 2)) {
    out.byte(NOTHING);
  } else if (first === QUOTE) {
    putText(out, bytes, start, end);
  } else {
    out.byte(SCALAR);
    out.copy(bytes, start, end);
    out.byte(SCALAR_END);
  }
}

/** @param start offset of its first quote @param end offset behind its last one */
function putText(out: ByteWriter, bytes: Buffer, start: number, end: number): void {
  const { at } = out;
  out.whole(end - start - 2);
  out.byte(LENGTH_END);
  if (out.copyAscii(bytes, start + 1, end - 1)) return;
  out.at = at;
  const length = lengthOf(bytes, start + 1, end - 1);
  if (length === undefined) {
    putLetters(out, String(parsedAt(bytes, start, end)));
    return;
  }
  out.whole(length);
  out.byte(LENGTH_END);
  out.copy(bytes, start + 1, end - 1);
}

function putLetters(out: ByteWriter, text: string): void {
  out.whole(text.length);
  out.byte(LENGTH_END);
  out.utf8(text);
}

/** Length of a text as JavaScript counts it, in units of UTF-16; undefined where something in it is escaped. */
function lengthOf(bytes: Uint8Array, start: number, end: number): number | undefined {
  let units = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === BACKSLASH) return undefined;
    // Bytes that go on with a letter count for nothing, the first of four for two.
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}
