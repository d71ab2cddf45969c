import type { Config } from "../config.ts";

/** A column in a stream's JSON Schema. */
export interface StreamColumn {
  readonly type: string | readonly string[];
  readonly format?: string;
  readonly description?: string;
  readonly items?: { readonly type: string | readonly string[] };
}

/** A JSON Schema of a stream's records. */
export interface StreamSchema {
  readonly description?: string;
  readonly properties: Readonly<Record<string, StreamColumn>>;
}

/** One of the parts that a stream is read in, each with a cursor of its own. */
export interface Partition {
  /** How it is named in the state; undefined for a stream of one part, whose cursor is the state itself. */
  readonly partition: Readonly<Record<string, string>> | undefined;
  /** API parameters that select it. */
  readonly parameters: { readonly segmentId?: string };
  /** Columns that are the same for each of its records. */
  readonly constants: Readonly<Record<string, unknown>>;
}

/** All that makes a stream. A new one is a schema in schemas/ and a file in this folder that exports `stream`. */
export interface StreamDefinition {
  readonly name: string;
  /** Path of the API's endpoint. */
  readonly path: string;
  /** What its records are called in messages. */
  readonly noun: { readonly one: string; readonly many: string };
  readonly schema: StreamSchema;
  /** Columns. */
  readonly primaryKey: readonly string[];
  /** Column and API field; always Unix ms of the row's start. */
  readonly cursorField: string;
  /** The column of the primary key that is made of the key fields, since the API gives no id. */
  readonly keyColumn: string;
  /** Fields that never change after a row came to be (API field names). */
  readonly keyFields: readonly string[];
  /** Fields that tell rows with the same key apart, those that change least (API field names). */
  readonly rankFields: readonly string[];
  /** Columns that are made here, not sent by the API. */
  readonly madeColumns: readonly string[];
  /** Whether the configuration has this stream. */
  readonly offered: (config: Config) => boolean;
  readonly partitions: (config: Config) => readonly Partition[];
}
