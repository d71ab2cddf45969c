import { rowSql } from "../export/rows.ts";
import { quoteName, type Store } from "../export/store.ts";
import type { Column } from "../export/table.ts";

/** Texts that wait for being written together. */
const MOST_WAITING = 1000;

/** Rows as JSON in a temporary table: as many as there are, in little memory. */
export interface StagedTexts {
  add(texts: readonly string[]): Promise<void>;
  /** SQL of a table with these columns, to be used before anything is added again. */
  select(columns: readonly Column[]): Promise<string>;
}

/** @param table name of the temporary table, which is emptied */
export async function stageTexts(store: Store, table: string): Promise<StagedTexts> {
  await store.run(`CREATE OR REPLACE TEMP TABLE ${table} (json VARCHAR)`);
  let waiting: string[] = [];
  async function flush(): Promise<void> {
    const texts = waiting;
    waiting = [];
    if (texts.length > 0)
      await store.run(`INSERT INTO ${table} SELECT unnest(string_split($1, chr(10)))`, [texts.join("\n")]);
  }
  return {
    async add(texts) {
      waiting.push(...texts);
      if (waiting.length >= MOST_WAITING) await flush();
    },
    async select(columns) {
      await flush();
      const names = columns.map(({ name }) => `row.${quoteName(name)}`).join(", ");
      return `SELECT ${names} FROM (SELECT ${rowSql("json", columns)} AS row FROM ${table})`;
    },
  };
}
