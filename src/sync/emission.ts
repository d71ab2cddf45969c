import { hash } from "node:crypto";
import { type Text, toBytes, toText, type Utf8 } from "../text.ts";
import type { Converted, RowReader, Sighting } from "./row-reader.ts";

/** A session that is to be written. `data` and `json` may be made anew whenever they are asked for. */
export interface Emission extends Converted {
  /** data as JSON, to be written. */
  readonly text: Text;
  /** The same as a string. */
  readonly json: string;
}

const NOTHING: readonly string[] = [];

/**
 * What is written of a row.
 * @param twin 0, or the session's number among those of its identity
 */
export function emission(reader: RowReader, row: Sighting, twin: number): Emission {
  const { plain } = row.row;
  const text = plain && reader.write(plain, row, twin);
  return text === undefined ? converted(reader, row, twin) : new Unparsed(text, reader, row, twin);
}

function converted(reader: RowReader, row: Sighting, twin: number): Emission {
  const { data, nulled } = reader.convert(row.row, row, twin);
  const json = JSON.stringify(data);
  return { data, nulled, json, text: json };
}

/** Most sessions are written without anyone looking at their columns. */
class Unparsed implements Emission {
  readonly nulled = NOTHING;
  readonly text: Utf8;
  readonly #reader: RowReader;
  readonly #row: Sighting;
  readonly #twin: number;

  constructor(text: Utf8, reader: RowReader, row: Sighting, twin: number) {
    this.text = text;
    this.#reader = reader;
    this.#row = row;
    this.#twin = twin;
  }

  get json(): string {
    return toText(this.text);
  }

  get data(): Converted["data"] {
    return this.#reader.convert(this.#row.row, this.#row, this.#twin).data;
  }
}

/**
 * 32 bits that differ if anything of what is written of a row differs, however the API wrote it. Numbers of twins are
 * left out, so that those may change places unnoticed.
 */
export function contentHash(reader: RowReader, row: Sighting): number {
  const { plain } = row.row;
  const text = plain && reader.canonical(plain, row);
  const content = text === undefined ? converted(reader, row, 0).json : toBytes(text);
  return Buffer.from(hash("sha256", content), "hex").readUInt32LE(0);
}
