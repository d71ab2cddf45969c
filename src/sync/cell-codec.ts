import type { Cell } from "./cell.ts";

/** Cells as they stand in the state (state key `seen`). */
export interface EncodedCells {
  /** Start of the first cell, Unix s. */
  readonly start: number;
  /** base64url of, for each cell: varint 2 × width + read?, and if read varint rows and the sum, 4 bytes. */
  readonly cells: string;
}

/** Adjacent cells in ascending order, in some eight bytes each; undefined for none. */
export function encodeCells(cells: readonly Cell[]): EncodedCells | undefined {
  const first = cells[0];
  if (first === undefined) return undefined;
  const bytes: number[] = [];
  for (const { start, end, rows, sum } of cells) {
    pushVarint(bytes, (end - start) * 2 + (sum === undefined ? 0 : 1));
    if (sum === undefined) continue;
    pushVarint(bytes, rows);
    bytes.push(sum & 0xff, (sum >>> 8) & 0xff, (sum >>> 16) & 0xff, sum >>> 24);
  }
  return { start: first.start, cells: Buffer.from(bytes).toString("base64url") };
}

/** The cells of a state; undefined where they can't be read, e.g. another version's. */
export function decodeCells(value: unknown): readonly Cell[] | undefined {
  if (!isEncoded(value)) return undefined;
  const bytes = Buffer.from(value.cells, "base64url");
  const cells: Cell[] = [];
  let start = value.start;
  for (let at = 0; at < bytes.length; ) {
    const [head, afterHead] = readVarint(bytes, at);
    const end = start + Math.floor(head / 2);
    if (end <= start || !Number.isSafeInteger(end)) return undefined;
    if (head % 2 === 0) {
      cells.push({ start, end, rows: 0, sum: undefined });
      at = afterHead;
    } else {
      const [rows, afterRows] = readVarint(bytes, afterHead);
      if (afterRows + 4 > bytes.length) return undefined;
      cells.push({ start, end, rows, sum: bytes.readUInt32LE(afterRows) });
      at = afterRows + 4;
    }
    start = end;
  }
  return cells;
}

function isEncoded(value: unknown): value is EncodedCells {
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
