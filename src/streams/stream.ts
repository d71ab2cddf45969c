import type { Config } from "../config.ts";
import type { ColumnSchema } from "../records/convert-value.ts";
import type { RecordShape } from "../records/row-converter.ts";

/** A column in a stream's JSON Schema. */
export interface StreamColumn extends ColumnSchema {
  readonly format?: string;
  readonly description?: string;
}

/** All that makes a stream. A new one is a schema in schemas/ and a file in this folder that exports `stream`. */
export interface StreamDefinition<Column extends string = string> extends RecordShape<Column> {
  readonly name: string;
  /** Path of the API's endpoint. */
  readonly path: string;
  /** What its records are called in messages. */
  readonly noun: { readonly one: string; readonly many: string };
  /** JSON Schema of the records. */
  readonly schema: {
    readonly description?: string;
    readonly properties: Readonly<Record<string, StreamColumn>>;
  };
  /** Columns. */
  readonly primaryKey: readonly Column[];
  /** Column of how long a row's session went on, in any unit; undefined where there is none. */
  readonly durationField?: Column;
  /** For a stream that is read in parts, each with a cursor of its own; undefined for one that is read as a whole. */
  readonly partitionedBy?: {
    /** The column that names the part, and the API parameter that selects it. */
    readonly field: string;
    /** The field of spec.json that lists the parts; where it is empty there is no such stream. */
    readonly setting: string;
    readonly values: (config: Config) => readonly string[];
  };
}

/** A part of a stream, by its field and value; {} for all of a stream that is read as a whole. */
export type Partition = Readonly<Record<string, string>>;

/** The parts that a stream is read in; none where the configuration does not have the stream. */
export function partitionsOf({ partitionedBy }: StreamDefinition, config: Config): readonly Partition[] {
  if (partitionedBy === undefined) return [{}];
  return partitionedBy.values(config).map((value) => ({ [partitionedBy.field]: value }));
}

/** Whether the configuration has a stream. */
export function isOffered(definition: StreamDefinition, config: Config): boolean {
  return partitionsOf(definition, config).length > 0;
}

/** How a partition is called in a message; "" for all of a stream. */
export function partitionName(partition: Partition): string {
  return Object.values(partition).join(", ");
}

/** The columns that the API does not send. */
export function madeColumnsOf({ madeColumns, partitionedBy }: StreamDefinition): ReadonlySet<string> {
  return new Set([...Object.values(madeColumns), ...(partitionedBy ? [partitionedBy.field] : [])]);
}
