import { configError } from "../errors.ts";
import { isObject } from "../json.ts";
import { type ProjectKeys, projectHash } from "../records/session-key.ts";
import { fileFailure } from "./file-failure.ts";
import { type Parameters, quoteNames, quoteText, type Store } from "./store.ts";
import { relationIn } from "./table.ts";

/** What this program knows of a table that it keeps. */
export interface TableState {
  /** stream_state; undefined where nothing was committed. */
  readonly state: unknown;
  /** Columns that the last export brought; none where version 0.1.0 was the last. */
  readonly columns: readonly string[];
}

/** A file that was made from a stream's table, or was about to take the place of one. */
export interface MadeFile {
  /** Its name, without the folder. */
  readonly file: string;
  readonly stream: string;
  readonly bytes: number;
  /** Whether texts in it were kept from being taken for formulas. */
  readonly escaped: boolean;
  /** Whether it is in its place, and has all that the table has. */
  readonly isCurrent: boolean;
}

/** The tables that this program keeps. */
type OwnTable = "browsee_export_state" | "browsee_export_files" | "browsee_export_runs";

/** Version 0.1.0 made the first one alone. */
const OWN_TABLES = `
  CREATE TABLE IF NOT EXISTS browsee_export_state (table_name VARCHAR, project VARCHAR, state JSON);
  COMMENT ON TABLE browsee_export_state IS
    'How far source-browsee has exported each table; without it, the export can''t go on';
  CREATE TABLE IF NOT EXISTS browsee_export_files (
    file VARCHAR, stream VARCHAR, bytes BIGINT, escaped BOOLEAN, is_current BOOLEAN);
  COMMENT ON TABLE browsee_export_files IS 'The files that source-browsee has made from this database';
  CREATE TABLE IF NOT EXISTS browsee_export_runs (
    stream VARCHAR, begun_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, window_from TIMESTAMPTZ, window_to TIMESTAMPTZ,
    counted BIGINT, accounted_for BIGINT, new_sessions BIGINT, changed_sessions BIGINT, answers_read_again BIGINT,
    requests BIGINT, outcome VARCHAR, error VARCHAR, version VARCHAR);
  COMMENT ON TABLE browsee_export_runs IS 'What each run of source-browsee came to';`;

/** Tells projects apart in a store, without telling the key. */
export function projectMark(keys: ProjectKeys): string {
  return projectHash("project", keys).slice(0, 16);
}

/**
 * Puts a row on record, in the transaction that is open.
 * @param row values by column
 * @param replaced SQL that holds for the rows whose place it takes
 */
export async function putRow(
  store: Store,
  table: OwnTable,
  row: Readonly<Record<string, Parameters[number]>>,
  replaced = "false",
): Promise<void> {
  // Not each time: to comment on a table takes longer than to write a row.
  if ((await relationIn(store, table)) === undefined) await store.run(OWN_TABLES);
  const places = Object.keys(row).map((_column, at) => `$${at + 1}`);
  await store.run(`DELETE FROM ${table} WHERE ${replaced}`);
  const values = `(${quoteNames(Object.keys(row))}) VALUES (${places.join(", ")})`;
  await store.run(`INSERT INTO ${table} ${values}`, Object.values(row));
}

/** What stands in a table; nothing where it is not there. @throws ConnectorError target_unusable for another's */
async function readRows(store: Store, table: OwnTable, columns: string) {
  if ((await relationIn(store, table)) === undefined) return [];
  return store.run(`SELECT ${columns} FROM ${table}`).catch((error: unknown) => {
    throw fileFailure(error, store.called, true);
  });
}

/**
 * The tables that this program keeps, with their states.
 * @param project mark of the one that they must hold the sessions of
 * @throws ConnectorError target_unusable
 */
export async function readTableStates(
  store: Store,
  project: string,
): Promise<ReadonlyMap<string, TableState>> {
  const states = new Map<string, TableState>();
  // Before anything is asked for: somebody else's table may have one of the names.
  await readMadeFiles(store);
  await readRows(store, "browsee_export_runs", "count(version)");
  const rows = await readRows(store, "browsee_export_state", "table_name, project, state");
  for (const [table, owner, json] of rows) {
    if (owner !== project) {
      const sentence = `${store.called} holds the sessions of another project: they were exported with another api_key or session_key_salt. Choose another path.`;
      throw configError("target_unusable", sentence);
    }
    const parsed: unknown = JSON.parse(String(json));
    const { columns, ...state } = isObject(parsed) ? parsed : {};
    states.set(String(table), { state, columns: Array.isArray(columns) ? columns.map(String) : [] });
  }
  return states;
}

/** Puts on record what is known of a table, in the transaction that is open. */
export async function writeTableState(
  store: Store,
  table: string,
  project: string,
  state: object,
  columns: readonly string[],
): Promise<void> {
  const row = { table_name: table, project, state: JSON.stringify({ ...state, columns }) };
  await putRow(store, "browsee_export_state", row, `table_name = ${quoteText(table)}`);
}

/** Gives a table's state to another one, in the transaction that is open. */
export async function moveTableState(store: Store, from: string, to: string): Promise<void> {
  await store.run(`
    DELETE FROM browsee_export_state WHERE table_name = ${quoteText(to)};
    UPDATE browsee_export_state SET table_name = ${quoteText(to)} WHERE table_name = ${quoteText(from)}`);
}

/** All files that were made from a store, some perhaps with several sizes that they may have. */
export async function readMadeFiles(store: Store): Promise<readonly MadeFile[]> {
  const rows = await readRows(store, "browsee_export_files", "file, stream, bytes, escaped, is_current");
  return rows.map(([file, stream, bytes, escaped, isCurrent]) => ({
    file: String(file),
    stream: String(stream),
    bytes: Number(bytes),
    escaped: escaped === true,
    isCurrent: isCurrent === true,
  }));
}

/** Puts on record what may stand under a file's name from now on, and nothing else if it is current. */
export async function writeMadeFile(store: Store, { isCurrent, ...made }: MadeFile): Promise<void> {
  const row = { ...made, is_current: isCurrent };
  const replaced = isCurrent ? `file = ${quoteText(made.file)}` : "false";
  await store.transaction(() => putRow(store, "browsee_export_files", row, replaced));
}

/** Has the files that were made from a stream's table made anew, in the transaction that is open. */
export async function outdateFiles(store: Store, stream: string): Promise<void> {
  if ((await relationIn(store, "browsee_export_files")) === undefined) return;
  await store.run("UPDATE browsee_export_files SET is_current = false WHERE stream = $1", [stream]);
}
