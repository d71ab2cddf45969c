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

/** A table in which this program keeps what it knows. */
interface OwnTable {
  readonly name: string;
  /** SQL of its columns: names and types. */
  readonly columns: string;
  readonly comment: string;
}

const STATES: OwnTable = {
  name: "browsee_export_state",
  columns: "table_name VARCHAR, project VARCHAR, state JSON",
  comment: "How far source-browsee has exported each table; without it, the export can't go on",
};
const FILES: OwnTable = {
  name: "browsee_export_files",
  columns: "file VARCHAR, stream VARCHAR, bytes BIGINT, escaped BOOLEAN, is_current BOOLEAN",
  comment: "The files that source-browsee has made from this database",
};
/** A row for each run over a stream. */
export const RUNS: OwnTable = {
  name: "browsee_export_runs",
  columns: `
    stream VARCHAR, begun_at TIMESTAMPTZ, ended_at TIMESTAMPTZ, window_from TIMESTAMPTZ, window_to TIMESTAMPTZ,
    counted BIGINT, accounted_for BIGINT, new_sessions BIGINT, changed_sessions BIGINT, answers_read_again BIGINT,
    requests BIGINT, outcome VARCHAR, error VARCHAR, version VARCHAR`,
  comment: "What each run of source-browsee came to",
};

/** Tells projects apart in a store, without telling the key. */
export function projectMark(keys: ProjectKeys): string {
  return projectHash("project", keys).slice(0, 16);
}

/** Whether an export has brought anything into a store. */
export async function isInUse(store: Store): Promise<boolean> {
  return (await relationIn(store, STATES.name)) !== undefined;
}

/**
 * Puts a row into a table, which is made where there is none, in the transaction that is open.
 * @param row values by column
 * @param key column by which it takes the place of others; undefined where all stay
 */
export async function putRow(
  store: Store,
  table: OwnTable,
  row: Readonly<Record<string, Parameters[number]>>,
  key?: string,
): Promise<void> {
  const { name, columns, comment } = table;
  await store.run(`CREATE TABLE IF NOT EXISTS ${name} (${columns})`);
  await store.run(`COMMENT ON TABLE ${name} IS ${quoteText(comment)}`);
  if (key !== undefined) await store.run(`DELETE FROM ${name} WHERE ${key} = $1`, [row[key] ?? null]);
  const places = Object.keys(row).map((_column, at) => `$${at + 1}`);
  const sql = `INSERT INTO ${name} (${quoteNames(Object.keys(row))}) VALUES (${places.join(", ")})`;
  await store.run(sql, Object.values(row));
}

/** Rows of a table that this program keeps; none where it is not there. @throws ConnectorError target_unusable for another's */
async function readOwnTable(store: Store, { name, columns }: OwnTable, condition = "true") {
  if ((await relationIn(store, name)) === undefined) return [];
  const sql = `SELECT ${columns.replaceAll(/ [A-Z]+/g, "")} FROM ${name} WHERE ${condition}`;
  return store.run(sql).catch((error: unknown) => {
    throw fileFailure(error, store.path, true);
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
  for (const table of [FILES, RUNS]) await readOwnTable(store, table, "false");
  for (const [table, owner, json] of await readOwnTable(store, STATES)) {
    if (owner !== project) {
      const sentence = `${store.path} holds the sessions of another project: they were exported with another api_key or session_key_salt. Choose another path.`;
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
  await putRow(store, STATES, row, "table_name");
}

/** Gives a table's state to another one, in the transaction that is open. */
export async function moveTableState(store: Store, from: string, to: string): Promise<void> {
  await store.run(`DELETE FROM ${STATES.name} WHERE table_name = $1`, [to]);
  await store.run(`UPDATE ${STATES.name} SET table_name = $1 WHERE table_name = $2`, [to, from]);
}

/** All files that were made from a store, some perhaps with several sizes that they may have. */
export async function readMadeFiles(store: Store): Promise<readonly MadeFile[]> {
  const rows = await readOwnTable(store, FILES);
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
  await store.transaction(() => putRow(store, FILES, row, isCurrent ? "file" : undefined));
}

/** Has the files that were made from a stream's table made anew, in the transaction that is open. */
export async function outdateFiles(store: Store, stream: string): Promise<void> {
  if ((await relationIn(store, FILES.name)) === undefined) return;
  await store.run(`UPDATE ${FILES.name} SET is_current = false WHERE stream = $1`, [stream]);
}
