import type { Changes } from "../terminal/summary.ts";
import { outdateFiles } from "./bookkeeping.ts";
import type { FoundTable } from "./find-table.ts";
import { quoteName, quoteNames, quoteText } from "./store.ts";
import { type Column, prepareTable } from "./table.ts";

/** A temporary table of sessions on their way into another. */
export const STAGED = "browsee_export_rows";

/**
 * Turns JSON into the rows of STAGED. Not in the transaction that merges them: DuckDB knows more of what is committed, and
 * then keeps their order.
 * @param lines a session each
 */
export async function stageRows({ store, columns }: FoundTable, lines: readonly string[]): Promise<void> {
  const isNone = lines.length === 0;
  const row = rowSql(`unnest(${isNone ? "CAST([] AS VARCHAR[])" : "string_split($1, chr(10))"})`, columns);
  const sql = `CREATE OR REPLACE TEMP TABLE ${STAGED} AS SELECT row.* FROM (SELECT ${row} AS row)`;
  await store.run(sql, isNone ? [] : [lines.join("\n")]);
}

/** SQL of a row with these columns. @param json SQL of a text */
export function rowSql(json: string, columns: readonly Column[]): string {
  const types = JSON.stringify(Object.fromEntries(columns.map(({ name, type }) => [name, type])));
  return `from_json(${json}, ${quoteText(types)})`;
}

/**
 * Merges rows by key, in the transaction that is open, into a table that is made or widened where it has to be; those
 * that are as they were are not touched. Files that were made from the stream's table are then outdated.
 * @param into what it has besides the columns keeps what it holds
 * @param from a table in which each key stands once: STAGED, or one with all that there is, so that other rows go
 * @throws Cancelled once `stop` is aborted; not with STAGED, whose rows are saved all the same
 */
export async function mergeRows(
  { store, definition, columns, stop }: FoundTable,
  into: string,
  from: string,
): Promise<Changes> {
  const { name: stream, primaryKey, cursorField } = definition;
  const isWider = await prepareTable(store, into, definition, columns);
  const isAll = from !== STAGED;
  const names = columns.map(({ name }) => name);
  const withoutStart = `SELECT count(*) FROM ${quoteName(from)} WHERE ${quoteName(cursorField)} IS NULL`;
  // The same key means the same start, by which DuckDB passes over rows of other times.
  const same = (await store.count(withoutStart)) > 0 ? primaryKey : [...primaryKey, cursorField];
  const size = `SELECT count(*) FROM ${quoteName(into)}`;
  const before = await store.count(size);
  const touched = await store.count(
    `MERGE INTO ${quoteName(into)} AS old USING ${quoteName(from)} AS new ON ${sameKey(same)}
     WHEN MATCHED AND (${quoteNames(names, "old")}) IS DISTINCT FROM (${quoteNames(names, "new")})
       THEN UPDATE BY NAME
     WHEN NOT MATCHED THEN INSERT BY NAME`,
    isAll ? stop : undefined,
  );
  const added = (await store.count(size)) - before;
  const kept = `SELECT 1 FROM ${quoteName(from)} AS new WHERE ${sameKey(primaryKey)}`;
  const others = `DELETE FROM ${quoteName(into)} AS old WHERE NOT EXISTS (${kept})`;
  // Not with the rest, nor before it: with a unique index, DuckDB then takes rows that have changed for duplicates.
  const gone = isAll ? await store.count(others, stop) : 0;
  if (isWider || touched + gone > 0) await outdateFiles(store, stream);
  return { added, changed: touched - added, gone };
}

/** SQL that holds where `old` and `new` have the same key. */
export function sameKey(key: readonly string[]): string {
  return key.map((name) => `old.${quoteName(name)} = new.${quoteName(name)}`).join(" AND ");
}
