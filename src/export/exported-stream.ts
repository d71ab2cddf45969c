import type { StreamColumn, StreamDefinition } from "../streams/stream.ts";

/** A column as a typed table has it. */
export interface Column {
  readonly name: string;
  /** DuckDB's name of its type. */
  readonly type: string;
  readonly description: string;
}

/** A stream as it is exported. */
export interface ExportedStream {
  readonly name: string;
  readonly description: string;
  readonly primaryKey: readonly string[];
  /** Unix ms; always among the columns. */
  readonly cursorField: string;
  /** Those that were picked, in the schema's order. */
  readonly columns: readonly Column[];
}

const SIMPLE_TYPES: ReadonlyMap<string, string> = new Map([
  ["integer", "BIGINT"],
  ["number", "DOUBLE"],
  ["boolean", "BOOLEAN"],
  ["string", "VARCHAR"],
]);

/**
 * What of a stream is exported.
 * @param picked column names; none picks all. Key and cursor are always there
 */
export function exportedStream(definition: StreamDefinition, picked: readonly string[]): ExportedStream {
  const { name, schema, primaryKey, cursorField } = definition;
  const wanted = new Set([...picked, ...primaryKey, cursorField]);
  const columns = Object.entries(schema.properties)
    .filter(([column]) => picked.length === 0 || wanted.has(column))
    .map(([column, of]) => ({ name: column, type: columnType(of), description: of.description ?? "" }));
  return { name, description: schema.description ?? "", primaryKey, cursorField, columns };
}

/** DuckDB's type for a column: JSON for whatever has no simpler one. */
function columnType({ type, format, items }: StreamColumn): string {
  const simple = typeName(type);
  if (simple === "string" && format === "date-time") return "TIMESTAMPTZ";
  if (simple === "array" && items !== undefined) {
    const item = SIMPLE_TYPES.get(typeName(items.type));
    return item === undefined ? "JSON" : `${item}[]`;
  }
  return SIMPLE_TYPES.get(simple) ?? "JSON";
}

function typeName(type: string | readonly string[]): string {
  return [type].flat().find((name) => name !== "null") ?? "";
}
