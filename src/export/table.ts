import type { StreamColumn, StreamDefinition } from "../streams/stream.ts";
import { quoteName, quoteText, type Store } from "./store.ts";

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** DuckDB's name of its type. */
  readonly type: string;
  readonly description: string;
}

const SIMPLE_TYPES: ReadonlyMap<string, string> = new Map([
  ["integer", "BIGINT"],
  ["number", "DOUBLE"],
  ["boolean", "BOOLEAN"],
  ["string", "VARCHAR"],
]);

/**
 * The columns of a stream's table, in the schema's order.
 * @param picked column names; none picks all. Key and cursor are always there
 */
export function tableColumns(definition: StreamDefinition, picked: readonly string[]): readonly Column[] {
  const wanted = new Set([...picked, ...definition.primaryKey, definition.cursorField]);
  return Object.entries(definition.schema.properties)
    .filter(([name]) => picked.length === 0 || wanted.has(name))
    .map(([name, of]) => ({ name, type: columnType(of), description: of.description ?? "" }));
}

/** Those of a stream's columns that a table has, in the schema's order. @param table the stream's own, or one beside */
export async function heldColumns(
  store: Store,
  definition: StreamDefinition,
  table = definition.name,
): Promise<readonly Column[]> {
  const found = new Set(await columnNames(store, table));
  return tableColumns(definition, []).filter(({ name }) => found.has(name));
}

/** JSON for whatever has no simpler type. */
function columnType({ type, format, items }: StreamColumn): string {
  const [simple = ""] = [type].flat().filter((name) => name !== "null");
  if (simple === "string" && format === "date-time") return "TIMESTAMPTZ";
  if (simple !== "array" || items === undefined) return SIMPLE_TYPES.get(simple) ?? "JSON";
  const item = columnType(items);
  return item === "JSON" ? item : `${item}[]`;
}

/** Whether a table, a view or nothing has this name in the store. */
export async function relationKind(store: Store, name: string): Promise<"table" | "view" | undefined> {
  const sql =
    "SELECT table_type FROM information_schema.tables WHERE table_catalog = current_database() AND table_schema = 'main' AND table_name = $1";
  const [row] = await store.run(sql, [name]);
  if (row === undefined) return undefined;
  return row[0] === "VIEW" ? "view" : "table";
}

/** Names of a table's columns, in order; empty where there is no such table. */
export async function columnNames(store: Store, table: string): Promise<readonly string[]> {
  const sql =
    "SELECT column_name FROM information_schema.columns WHERE table_catalog = current_database() AND table_schema = 'main' AND table_name = $1 ORDER BY ordinal_position";
  return (await store.run(sql, [table])).map(([name]) => String(name));
}

/**
 * Makes a stream's table, or adds the columns that it lacks, in the transaction that is open.
 * @returns whether it lacked any
 */
export async function prepareTable(
  store: Store,
  table: string,
  { primaryKey, schema }: StreamDefinition,
  columns: readonly Column[],
): Promise<boolean> {
  const name = quoteName(table);
  const existing = await columnNames(store, table);
  const missing = columns.filter((column) => !existing.includes(column.name));
  if (existing.length === 0) {
    const described = missing.map((column) => {
      const isKey = primaryKey.includes(column.name);
      return `${quoteName(column.name)} ${column.type}${isKey ? " NOT NULL" : ""}`;
    });
    await store.run(`CREATE TABLE ${name} (${described.join(", ")})`);
    await store.run(`COMMENT ON TABLE ${name} IS ${quoteText(schema.description ?? "")}`);
  }
  for (const column of missing) {
    if (existing.length > 0)
      await store.run(`ALTER TABLE ${name} ADD COLUMN ${quoteName(column.name)} ${column.type}`);
    const comment = quoteText(column.description);
    await store.run(`COMMENT ON COLUMN ${name}.${quoteName(column.name)} IS ${comment}`);
  }
  return missing.length > 0;
}
