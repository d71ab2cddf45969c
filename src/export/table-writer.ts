import type { Changes } from "../terminal/summary.ts";
import { moveTableState, writeTableState } from "./bookkeeping.ts";
import type { FoundTable } from "./find-table.ts";
import { mergeRows, STAGED, stageRows } from "./rows.ts";
import { quoteName } from "./store.ts";
import { prepareTable } from "./table.ts";

/** The table that a stream is exported into. */
export type TableWriter = Awaited<ReturnType<typeof openTable>>;

/**
 * Opens a table; nothing is changed before the first commit, but that a full export has begun is put on record, so that
 * it is gone on with wherever it ends.
 */
export async function openTable(found: FoundTable) {
  const { store, definition, project, table, columns, before } = found;
  const { name: stream } = definition;
  const names = columns.map(({ name }) => name);
  const changes: Changes = { added: 0, changed: 0, gone: 0 };
  if (before === undefined && table !== stream)
    await store.transaction(async () => {
      await store.run(`DROP TABLE IF EXISTS ${quoteName(table)}`);
      await prepareTable(store, table, definition, columns);
      await writeTableState(store, table, project, {}, names);
    });
  return {
    ...found,
    /** Of what was committed. */
    changes,
    /**
     * Brings rows and the state that covers them into the table, in one transaction.
     * @param lines a session as JSON each, each key once
     */
    async commit(lines: readonly string[], state: object): Promise<void> {
      await stageRows(found, lines);
      const { added, changed } = await store.transaction(async () => {
        await writeTableState(store, table, project, state, names);
        return mergeRows(found, table, STAGED);
      });
      changes.added += added;
      changes.changed += changed;
    },
    /** The stream was read to its end, and all is committed: a full export takes the place of what was there. */
    async finish(): Promise<void> {
      if (table === stream) return;
      // Row by row: columns and indexes of users' stay, and values in such columns as long as the session is there.
      const put = await store.transaction(async () => {
        await moveTableState(store, table, stream);
        const put = await mergeRows(found, stream, table);
        await store.run(`DROP TABLE ${quoteName(table)}`);
        return put;
      });
      Object.assign(changes, put);
    },
  };
}
