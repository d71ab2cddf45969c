import type { StreamDefinition } from "../streams/stream.ts";
import type { Changes } from "../terminal/summary.ts";
import { moveTableState, outdateFiles, writeTableState } from "./bookkeeping.ts";
import { deleteOthers, mergeRows, STAGED, stageRows } from "./rows.ts";
import { quoteName, type Store } from "./store.ts";
import { heldColumns, prepareTable, tableColumns } from "./table.ts";
import { asideOf, findPlace } from "./table-place.ts";

/** A stream in a store. */
export interface KeptStream {
  readonly store: Store;
  readonly definition: StreamDefinition;
  /** Mark of the project that the sessions are of. */
  readonly project: string;
  /** Whether to start over. What is there stays until the new is whole. */
  readonly full: boolean;
  readonly stop: AbortSignal;
}

/** The table that a stream is exported into. */
export interface TableWriter {
  /** Where the last export ended (stream_state); undefined where this one begins from the start. */
  readonly state: unknown;
  /** What a person should know before it begins. */
  readonly notes: readonly string[];
  /** Of what was committed. */
  readonly changes: Readonly<Changes>;
  /**
   * Brings rows and the state that covers them into the table, in one transaction.
   * @param lines a session as JSON each, each key once
   */
  commit(lines: readonly string[], state: object): Promise<void>;
  /** The stream was read to its end, and all is committed: a full export takes the place of what was there. */
  finish(): Promise<void>;
}

/**
 * Looks for a stream's table; nothing is changed before the first commit.
 * @param fields picked columns; none picks all
 * @throws ConnectorError target_unusable
 */
export async function openTable(kept: KeptStream, fields: readonly string[]): Promise<TableWriter> {
  const { store, definition, project } = kept;
  const { name: stream } = definition;
  const columns = tableColumns(definition, fields);
  const names = columns.map(({ name }) => name);
  const { table, before, notes } = await findPlace(kept, names);
  const changes = { added: 0, changed: 0, gone: 0 };
  let prepared = false;

  /** In the transaction that is open. */
  async function prepare(): Promise<void> {
    if (before === undefined) await store.run(`DROP TABLE IF EXISTS ${quoteName(asideOf(stream))}`);
    if (await prepareTable(store, table, definition, columns)) await outdateFiles(store, stream);
  }

  return {
    state: before?.state,
    notes,
    changes,
    async commit(lines, state) {
      if (lines.length > 0) await stageRows(store, columns, lines);
      const { added, changed } = await store.transaction(async () => {
        if (!prepared) await prepare();
        const merge = { definition, into: table, from: STAGED, columns: names };
        const merged = lines.length > 0 ? await mergeRows(store, merge) : { added: 0, changed: 0 };
        await writeTableState(store, table, stream, project, { state, columns: names });
        return merged;
      });
      prepared = true;
      changes.added += added;
      changes.changed += changed;
    },
    async finish() {
      if (table !== stream) Object.assign(changes, await putInPlace(kept));
    },
  };
}

/**
 * Has a stream's table become what was read anew, row by row: columns and indexes that users have added stay, and so
 * do the values in such columns as long as the session is there.
 */
async function putInPlace({ store, definition, stop }: KeptStream): Promise<Changes> {
  const into = definition.name;
  const from = asideOf(into);
  const columns = await heldColumns(store, definition, from);
  return store.transaction(async () => {
    await prepareTable(store, into, definition, columns);
    const merge = { definition, into, from, columns: columns.map(({ name }) => name), stop };
    const merged = await mergeRows(store, merge);
    // Not before the merge: with a unique index, DuckDB then takes rows that have changed for duplicates.
    const gone = await deleteOthers(store, merge);
    await moveTableState(store, from, into);
    await store.run(`DROP TABLE ${quoteName(from)}`);
    return { ...merged, gone };
  });
}
