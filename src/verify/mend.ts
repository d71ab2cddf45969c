import { outdateFiles } from "../export/bookkeeping.ts";
import { rowSql } from "../export/rows.ts";
import { quoteName, quoteNames, type Store } from "../export/store.ts";
import type { Column } from "../export/table.ts";
import type { Differing } from "../terminal/verdict.ts";

/** A temporary table of records as JSON: as many as there are, in little memory. */
const MISSING = "browsee_verify_missing";

/** Empties the table of records that are missing. */
export async function stageNone(store: Store): Promise<void> {
  await store.run(`CREATE OR REPLACE TEMP TABLE ${MISSING} (json VARCHAR)`);
}

/** Keeps records that are missing. @param texts JSON of at least one */
export async function stageMissing(store: Store, texts: readonly string[]): Promise<void> {
  await store.run(`INSERT INTO ${MISSING} SELECT unnest(string_split($1, chr(10)))`, [texts.join("\n")]);
}

/**
 * Writes what was kept as missing and deletes what is gone, in one transaction.
 * @param table name of the stream's
 * @param columns of it
 * @param repair whether anything was kept
 * @param removals each deletes rows, and says how many
 * @returns how many rows of each
 */
export async function mend(
  store: Store,
  table: string,
  columns: readonly Column[],
  repair: boolean,
  removals: readonly (() => Promise<number>)[],
): Promise<Differing> {
  const names = columns.map(({ name }) => name);
  const values = names.map((name) => `row.${quoteName(name)}`).join(", ");
  const rows = `SELECT ${values} FROM (SELECT ${rowSql("json", columns)} AS row FROM ${MISSING})`;
  const insert = `INSERT INTO ${quoteName(table)} (${quoteNames(names)}) ${rows}`;
  return store.transaction(async () => {
    const missing = repair ? await store.count(insert) : 0;
    let gone = 0;
    for (const remove of removals) gone += await remove();
    if (missing + gone > 0) await outdateFiles(store, table);
    return { missing, gone };
  });
}
