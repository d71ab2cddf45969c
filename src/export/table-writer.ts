import type { StreamDefinition } from "../streams/stream.ts";
import type { Changes } from "../terminal/summary.ts";
import { forgetTable, type TableState, writeTableState } from "./bookkeeping.ts";
import { quoteName, quoteText, type Store } from "./store.ts";
import { type Column, columnNames, columnsOf, deleteOthersSql, mergeSql, prepareTable } from "./table.ts";
import { findPlace } from "./table-place.ts";

/** Sessions as JSON, and as rows, while they are committed: tables that are gone with the process. */
const TEXTS = "browsee_export_texts";
const ROWS = "browsee_export_rows";

/** A session that waits for a commit. */
export interface PendingRow {
  readonly json: string;
  /** Of the cursor field, Unix ms; no number where it is unknown. */
  readonly start: unknown;
}

/** What keeping a stream's table takes. */
export interface TableParts {
  readonly store: Store;
  readonly definition: StreamDefinition;
  /** Picked columns; none picks all. */
  readonly fields: readonly string[];
  /** Mark of the project that the sessions are of. */
  readonly project: string;
  /** Whether to start over. What is there stays until the new is whole. */
  readonly full: boolean;
  readonly stop: AbortSignal;
  /** Unix ms. */
  readonly now: () => number;
}

/** The table that a stream is exported into. */
export interface TableWriter {
  /** Where the last export ended (stream_state); undefined where this one begins from the start. */
  readonly state: unknown;
  /** What a person should know before it begins. */
  readonly notes: readonly string[];
  /** Of what was committed. */
  readonly changes: Readonly<Changes>;
  /** Brings rows and the state that covers them into the table, in one transaction. @param rows each key once */
  commit(rows: readonly PendingRow[], state: object): Promise<void>;
  /** The stream was read to its end: a full export takes the place of what was there. @returns the table's revision */
  finish(): Promise<number>;
}

/**
 * Looks for a stream's table; nothing is changed before the first commit.
 * @throws ConnectorError target_unusable
 */
export async function openTable(parts: TableParts): Promise<TableWriter> {
  const { store, definition, fields, project, now } = parts;
  const { name: stream } = definition;
  const columns = columnsOf(definition, fields);
  const names = columns.map(({ name }) => name);
  const { table, before, kept, notes } = await findPlace(parts, names);
  const changes = { added: 0, changed: 0, gone: 0 };
  let current = before ?? { stream, project, state: undefined, columns: names, ...kept };
  let prepared = false;

  /** In the transaction that is open. */
  async function prepare(): Promise<boolean> {
    if (prepared) return false;
    if (before === undefined && table !== stream) await store.run(`DROP TABLE IF EXISTS ${quoteName(table)}`);
    return prepareTable(store, table, definition, columns);
  }

  async function commit(rows: readonly PendingRow[], state: unknown): Promise<void> {
    await stageRows(store, columns, rows);
    const { added, changed, next } = await store.transaction(async () => {
      const isNew = await prepare();
      const merged = await mergeRows(store, table, definition, names, rows);
      const hasChanged = isNew || merged.added + merged.changed > 0;
      const next = { ...current, state, columns: names, revision: current.revision + Number(hasChanged) };
      await writeTableState(store, table, next, now());
      return { ...merged, next };
    });
    prepared = true;
    current = next;
    changes.added += added;
    changes.changed += changed;
  }

  return {
    state: current.state,
    notes,
    changes,
    commit,
    async finish() {
      if (!prepared) await commit([], current.state);
      if (table === stream) return current.revision;
      current = { ...current, ...kept, revision: kept.revision + 1 };
      Object.assign(changes, await putInPlace(parts, table, current));
      return current.revision;
    },
  };
}

/** Turns JSON into rows of a temporary table. */
async function stageRows(
  store: Store,
  columns: readonly Column[],
  rows: readonly PendingRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const types = JSON.stringify(Object.fromEntries(columns.map(({ name, type }) => [name, type])));
  await store.run(`CREATE OR REPLACE TEMP TABLE ${TEXTS} (json VARCHAR)`);
  await store.append(
    TEXTS,
    rows.map(({ json }) => json),
  );
  await store.run(
    `CREATE OR REPLACE TEMP TABLE ${ROWS} AS SELECT row.* FROM (SELECT from_json(json, ${quoteText(types)}) AS row FROM ${TEXTS})`,
  );
  // Whoever only deletes rows keeps their memory.
  await store.run(`DROP TABLE ${TEXTS}`);
}

async function mergeRows(
  store: Store,
  table: string,
  { primaryKey: key, cursorField }: StreamDefinition,
  columns: readonly string[],
  rows: readonly PendingRow[],
): Promise<Pick<Changes, "added" | "changed">> {
  if (rows.length === 0) return { added: 0, changed: 0 };
  const within = startsWithin(cursorField, rows);
  const size = `SELECT count(*) FROM ${quoteName(table)}`;
  const before = await store.count(size);
  const touched = await store.run(
    mergeSql({ into: table, from: ROWS, columns, key, ...(within !== undefined && { within }) }),
  );
  const added = (await store.count(size)) - before;
  return { added, changed: touched - added };
}

/** The same key means the same start. @returns undefined where a start is unknown */
function startsWithin(cursorField: string, rows: readonly PendingRow[]): string | undefined {
  let [from, to] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { start } of rows) {
    if (typeof start !== "number") return undefined;
    [from, to] = [Math.min(from, start), Math.max(to, start)];
  }
  return `old.${quoteName(cursorField)} BETWEEN ${from} AND ${to}`;
}

/**
 * Has a stream's table become what was read anew, row by row: columns and indexes that users have added stay, and so
 * do the values in such columns as long as the session is there.
 */
async function putInPlace(
  { store, definition, stop, now }: TableParts,
  aside: string,
  state: TableState,
): Promise<Changes> {
  const { name: into, primaryKey: key } = definition;
  const found = new Set(await columnNames(store, aside));
  const columns = columnsOf(definition, []).filter(({ name }) => found.has(name));
  const names = columns.map(({ name }) => name);
  return store.transaction(async () => {
    await prepareTable(store, into, definition, columns);
    const size = `SELECT count(*) FROM ${quoteName(into)}`;
    const before = await store.count(size);
    const touched = await store.runUntil(stop, mergeSql({ into, from: aside, columns: names, key }));
    const added = (await store.count(size)) - before;
    // Not before the merge: with a unique index, DuckDB then takes rows that have changed for duplicates.
    const gone = await store.runUntil(stop, deleteOthersSql(into, aside, key));
    await store.run(`DROP TABLE ${quoteName(aside)}`);
    await forgetTable(store, aside);
    await writeTableState(store, into, state, now());
    return { added, changed: touched - added, gone };
  });
}
