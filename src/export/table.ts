import { pickColumns } from "../streams/open-partition.ts";
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
  const wanted = pickColumns(definition, picked).picked;
  return Object.entries(definition.schema.properties)
    .filter(([name]) => wanted.has(name))
    .map(([name, of]) => ({ name, type: columnType(of), description: of.description ?? "" }));
}

/** Those of a stream's columns that its table has, in the schema's order. */
export async function heldColumns(store: Store, definition: StreamDefinition): Promise<readonly Column[]> {
  const found = await relationIn(store, definition.name);
  return tableColumns(definition, []).filter(({ name }) => found?.columns.includes(name));
}

/** JSON for whatever has no simpler type. */
function columnType({ type, format, items }: StreamColumn): string {
  const [simple = ""] = [type].flat().filter((name) => name !== "null");
  if (simple === "string" && format === "date-time") return "TIMESTAMPTZ";
  if (simple !== "array" || items === undefined) return SIMPLE_TYPES.get(simple) ?? "JSON";
  const item = columnType(items);
  return item === "JSON" ? item : `${item}[]`;
}

/** A table or a view in the store, with the names of its columns in order; undefined where there is none. */
export async function relationIn(store: Store, name: string) {
  const sql = `
    SELECT table_type, column_name
    FROM information_schema.tables JOIN information_schema.columns USING (table_catalog, table_schema, table_name)
    WHERE table_catalog = current_database() AND table_schema = 'main' AND table_name = $1 ORDER BY ordinal_position`;
  const rows = await store.run(sql, [name]);
  if (rows.length === 0) return undefined;
  const isView = rows.some(([type]) => type === "VIEW");
  return { kind: isView ? "view" : "table", columns: rows.map(([, column]) => String(column)) };
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
  const existing = await relationIn(store, table);
  const missing = columns.filter((column) => !existing?.columns.includes(column.name));
  if (existing === undefined) {
    const described = missing.map((column) => {
      const isKey = primaryKey.includes(column.name);
      return `${quoteName(column.name)} ${column.type}${isKey ? " NOT NULL" : ""}`;
    });
    await store.run(`CREATE TABLE ${name} (${described.join(", ")})`);
    await store.run(`COMMENT ON TABLE ${name} IS ${quoteText(schema.description ?? "")}`);
  }
  for (const column of missing) {
    await store.run(`ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS ${quoteName(column.name)} ${column.type}`);
    const comment = quoteText(column.description);
    await store.run(`COMMENT ON COLUMN ${name}.${quoteName(column.name)} IS ${comment}`);
  }
  return missing.length > 0;
}
