import { hash } from "node:crypto";
import type { Converted, RowReader, Sighting } from "./row-reader.ts";

/** A session that is to be written. */
export interface Emission extends Converted {
  /** data as JSON text. */
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
 * 32 bits that differ if anything of what is written differs.
 * @param first the emission as number 0 of its identity, so that twins may change places unnoticed
 */
export function contentHash(first: Emission): number {
  return hash("sha256", first.json, "buffer").readUInt32LE(0);
}
