import { outdateFiles } from "../export/bookkeeping.ts";
import { rowSql, sameKey } from "../export/rows.ts";
import { quoteName, quoteNames, type Store } from "../export/store.ts";
import type { Column } from "../export/table.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import type { Differing } from "../terminal/verdict.ts";

/** Rows as JSON in a temporary table: as many as there are, in little memory. */
type StagedTexts = Awaited<ReturnType<typeof stageTexts>>;

/** @param table name of the temporary table, which is emptied */
export async function stageTexts(store: Store, table: string) {
  await store.run(`CREATE OR REPLACE TEMP TABLE ${table} (json VARCHAR)`);
  return {
    async add(texts: readonly string[]): Promise<void> {
      if (texts.length > 0)
        await store.run(`INSERT INTO ${table} SELECT unnest(string_split($1, chr(10)))`, [texts.join("\n")]);
    },
    /** SQL of a table with these columns. */
    select(columns: readonly Column[]): string {
      const names = columns.map(({ name }) => `row.${quoteName(name)}`).join(", ");
      return `SELECT ${names} FROM (SELECT ${rowSql("json", columns)} AS row FROM ${table})`;
    },
  };
}

/** What mending a stream's table takes. */
interface MendParts {
  readonly store: Store;
  readonly definition: StreamDefinition;
  /** Of the table. */
  readonly columns: readonly Column[];
  /** Records that are missing; undefined where they are not to be written. */
  readonly missing: StagedTexts | undefined;
  /** Primary keys of rows that the API has no more; undefined where they are not to be deleted. */
  readonly gone: StagedTexts | undefined;
}

/** Writes what is missing and deletes what is gone, in one transaction. @returns how many rows of each */
export async function mend(parts: MendParts): Promise<Differing> {
  const { store, definition, columns, missing, gone } = parts;
  const { name, primaryKey } = definition;
  const table = quoteName(name);
  const names = quoteNames(columns.map((column) => column.name));
  const keys = columns.filter((column) => primaryKey.includes(column.name));
  const rows = missing?.select(columns);
  const lost = gone?.select(keys);
  const run = async (sql: string | undefined) => (sql === undefined ? 0 : store.count(sql));
  return store.transaction(async () => {
    const written = await run(rows && `INSERT INTO ${table} (${names}) ${rows}`);
    const deleted = await run(
      lost && `DELETE FROM ${table} AS old USING (${lost}) AS new WHERE ${sameKey(primaryKey)}`,
    );
    if (written + deleted > 0) await outdateFiles(store, name);
    return { missing: written, gone: deleted };
  });
}
