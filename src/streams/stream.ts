import type { ExportRequest } from "../browsee/request.ts";
import type { Config } from "../config.ts";
import type { RowReader } from "../sync/row-reader.ts";

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

/** One of the sets that a stream is read from. */
export interface Partition {
  /** How it is named in the state; undefined for a stream of one set, whose cursor is the state itself. */
  readonly partition: Readonly<Record<string, string>> | undefined;
  readonly export: ExportRequest;
  readonly reader: () => Promise<RowReader>;
}

/** All that makes a stream. A new one is a schema in schemas/ and a file in this folder that exports `stream`. */
export interface StreamDefinition {
  readonly name: string;
  readonly schema: StreamSchema;
  /** Columns. */
  readonly primaryKey: readonly string[];
  /** Column; always Unix ms of the row's start. */
  readonly cursorField: string;
  /** Whether the configuration has this stream. */
  readonly offered: (config: Config) => boolean;
  /**
   * The sets to read.
   * @param configured the columns in the configured stream's json_schema; none picks all
   */
  readonly partitions: (config: Config, configured: readonly string[]) => readonly Partition[];
}
