import { hash } from "node:crypto";
import type { Converted, RowReader, Sighting } from "./row-reader.ts";

/** A session that is to be written. */
export interface Emission extends Converted {
  /** data as JSON text. */
  readonly json: string;
}

const NOTHING: readonly string[] = [];

/**
 * What is written of a row: its own text where that will do, which costs a third of writing it anew.
 * @param twin 0, or the session's number among those of its identity
 */
export function emission(reader: RowReader, row: Sighting, twin: number): Emission {
  const json = row.text && reader.passOn(row.row, row.text, row, twin);
  if (json === undefined) return canonical(reader, row, twin);
  return new PassedOn(json, () => reader.convert(row.row, row, twin));
}

/** The same session, in a text that is the same however the API wrote it. */
export function canonical(reader: RowReader, row: Sighting, twin: number): Emission {
  const { data, nulled } = reader.convert(row.row, row, twin);
  return { data, nulled, json: JSON.stringify(data) };
}

/** Most sessions are written without anyone looking at their columns. */
class PassedOn implements Emission {
  readonly nulled = NOTHING;
  readonly json: string;
  readonly #convert: () => Converted;

  constructor(json: string, convert: () => Converted) {
    this.json = json;
    this.#convert = convert;
  }

  get data(): Converted["data"] {
    return this.#convert().data;
  }
}

/**
 * 32 bits that differ if anything of what is written differs.
 * @param first the canonical emission as number 0 of its identity, so that twins may change places unnoticed
 */
export function contentHash(first: Emission): number {
  return hash("sha256", first.json, "buffer").readUInt32LE(0);
}
