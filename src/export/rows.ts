import type { StreamDefinition } from "../streams/stream.ts";
import type { Changes } from "../terminal/summary.ts";
import { outdateFiles } from "./bookkeeping.ts";
import { quoteName, quoteNames, quoteText, type Store } from "./store.ts";
import type { Column } from "./table.ts";

/** A temporary table of sessions on their way into another. */
export const STAGED = "browsee_export_rows";

/**
 * Turns JSON into the rows of STAGED. Not in the transaction that merges them: DuckDB knows more of what is committed, and
 * then keeps their order.
 * @param lines a session each
 */
export async function stageRows(
  store: Store,
  columns: readonly Column[],
  lines: readonly string[],
): Promise<void> {
  const row = rowSql("unnest(string_split($1, chr(10)))", columns);
  const sql = `CREATE OR REPLACE TEMP TABLE ${STAGED} AS SELECT row.* FROM (SELECT ${row} AS row)`;
  await store.run(sql, [lines.join("\n")]);
}

/** SQL of a row with these columns. @param json SQL of a text */
export function rowSql(json: string, columns: readonly Column[]): string {
  const types = JSON.stringify(Object.fromEntries(columns.map(({ name, type }) => [name, type])));
  return `from_json(${json}, ${quoteText(types)})`;
}

/** What a merge takes. */
export interface Merge {
  readonly definition: StreamDefinition;
  readonly into: string;
  /** A table in which each key stands once. */
  readonly from: string;
  /** Columns that are brought over; others keep what they hold. */
  readonly columns: readonly string[];
  readonly stop?: AbortSignal;
}

/**
 * Merges rows by key, in the transaction that is open; those that are as they were are not touched.
 * @throws Cancelled once `stop` is aborted
 */
export async function mergeRows(
  store: Store,
  { definition: { name: stream, primaryKey, cursorField }, into, from, columns, stop }: Merge,
): Promise<Pick<Changes, "added" | "changed">> {
  const start = quoteName(cursorField);
  const range = `SELECT count(${start}) = count(*), min(${start}), max(${start}) FROM ${quoteName(from)}`;
  const [[isKnown, first, last] = []] = await store.rows(range);
  // The same key means the same start, so that DuckDB may pass over rows of other times.
  const within = isKnown === true ? `AND old.${start} BETWEEN ${first} AND ${last}` : "";
  const sets = columns.map((name) => `${quoteName(name)} = new.${quoteName(name)}`);
  const size = `SELECT count(*) FROM ${quoteName(into)}`;
  const before = await store.count(size);
  const touched = await store.run(
    `MERGE INTO ${quoteName(into)} AS old USING ${quoteName(from)} AS new ON ${sameKey(primaryKey)} ${within}
     WHEN MATCHED AND (${quoteNames(columns, "old")}) IS DISTINCT FROM (${quoteNames(columns, "new")})
       THEN UPDATE SET ${sets.join(", ")}
     WHEN NOT MATCHED THEN INSERT (${quoteNames(columns)}) VALUES (${quoteNames(columns, "new")})`,
    [],
    stop,
  );
  const added = (await store.count(size)) - before;
  if (touched > 0) await outdateFiles(store, stream);
  return { added, changed: touched - added };
}

/**
 * Deletes rows whose key is not in another table, in the transaction that is open.
 * @returns how many
 * @throws Cancelled once `stop` is aborted
 */
export async function deleteOthers(
  store: Store,
  { definition: { name: stream, primaryKey }, into, from, stop }: Omit<Merge, "columns">,
): Promise<number> {
  const kept = `SELECT 1 FROM ${quoteName(from)} AS new WHERE ${sameKey(primaryKey)}`;
  const deleted = await store.run(
    `DELETE FROM ${quoteName(into)} AS old WHERE NOT EXISTS (${kept})`,
    [],
    stop,
  );
  if (deleted > 0) await outdateFiles(store, stream);
  return deleted;
}

/** SQL that holds where `old` and `new` have the same key. */
export function sameKey(key: readonly string[]): string {
  return key.map((name) => `old.${quoteName(name)} = new.${quoteName(name)}`).join(" AND ");
}
