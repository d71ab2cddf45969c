import { hash } from "node:crypto";
import type { Converted, RowReader, Sighting } from "./row-reader.ts";

/** A session that is to be written. */
export interface Emission extends Converted {
  /** data as JSON. */
  readonly json: string;
}

/**
 * What is written of a row.
 * @param twin 0, or the session's number among those of its identity
 */
export function emission(reader: RowReader, row: Sighting, twin: number): Emission {
  const { data, nulled } = reader.convert(row.row, row, twin);
  return { data, nulled, json: JSON.stringify(data) };
}

/**
 * 32 bits that differ if anything of what is written of a row differs. Numbers of twins are left out, so that those may
 * change places unnoticed.
 */
export function contentHash(reader: RowReader, row: Sighting): number {
  return Buffer.from(hash("sha256", emission(reader, row, 0).json), "hex").readUInt32LE(0);
}
