import { outdateFiles } from "../export/bookkeeping.ts";
import { sameKey } from "../export/rows.ts";
import { quoteName, quoteNames, type Store } from "../export/store.ts";
import type { Column } from "../export/table.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import type { Differing } from "../terminal/verdict.ts";
import type { StagedTexts } from "./staged-texts.ts";

/** What mending a stream's table takes. */
export interface MendParts {
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
  const rows = await missing?.select(columns);
  const lost = await gone?.select(keys);
  return store.transaction(async () => {
    const written = rows === undefined ? 0 : await store.run(`INSERT INTO ${table} (${names}) ${rows}`);
    const deleted =
      lost === undefined
        ? 0
        : await store.run(`DELETE FROM ${table} AS old USING (${lost}) AS new WHERE ${sameKey(primaryKey)}`);
    if (written + deleted > 0) await outdateFiles(store, name);
    return { missing: written, gone: deleted };
  });
}
