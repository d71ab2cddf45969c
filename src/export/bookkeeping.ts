import { field } from "../json.ts";
import { type ProjectKeys, projectHash } from "../records/session-key.ts";
import { targetError } from "./file-failure.ts";
import type { Store } from "./store.ts";
import { columnNames } from "./table.ts";

/** What this program knows of a table that it keeps. */
export interface TableState {
  /** stream_state; undefined where nothing was committed. */
  readonly state: unknown;
  /** Columns that the last export brought; undefined where version 0.1.0 was the last. */
  readonly columns: readonly string[] | undefined;
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

const STATES = "browsee_export_state";
/** Version 0.1.0 had these. */
const STATE_COLUMNS = ["table_name", "stream", "project", "state", "updated_at"];
const FILES = "browsee_export_files";
const FILE_COLUMNS = ["file", "stream", "bytes", "escaped", "is_current"];

/** Tells projects apart in a store, without telling the key. */
export function projectMark(keys: ProjectKeys): string {
  return projectHash("project", keys).slice(0, 16);
}

/**
 * Whether a table of this program's is there.
 * @throws ConnectorError target_unusable where somebody else's has its name
 */
export async function hasOwnTable(store: Store, table: string, columns: readonly string[]): Promise<boolean> {
  const found = await columnNames(store, table);
  if (found.length === 0 || columns.every((column) => found.includes(column))) return found.length > 0;
  const sentence = `${store.path} has a table ${table} that is not this program's. It was left as it is; choose another path.`;
  throw targetError("target_unusable", sentence);
}

/** Whether an export has brought anything into a store. @throws ConnectorError target_unusable */
export function isInUse(store: Store): Promise<boolean> {
  return hasOwnTable(store, STATES, STATE_COLUMNS);
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
  if (!(await isInUse(store))) return states;
  for (const [table, json] of await store.rows(`SELECT table_name, to_json(kept) FROM ${STATES} AS kept`)) {
    const kept: unknown = JSON.parse(String(json));
    if (field(kept, "project") !== project) {
      const sentence = `${store.path} holds the sessions of another project: they were exported with another api_key or session_key_salt. Choose another path.`;
      throw targetError("target_unusable", sentence);
    }
    const columns = field(kept, "columns");
    states.set(String(table), {
      state: field(kept, "state") ?? undefined,
      columns: Array.isArray(columns) ? columns.map(String) : undefined,
    });
  }
  return states;
}

/** Puts on record what is known of a stream's table, in the transaction that is open. */
export async function writeTableState(
  store: Store,
  table: string,
  stream: string,
  project: string,
  { state = null, columns = [] }: TableState,
): Promise<void> {
  if (!(await columnNames(store, STATES)).includes("columns")) {
    const types = "table_name VARCHAR, stream VARCHAR, project VARCHAR, state JSON, updated_at TIMESTAMPTZ";
    await store.run(`CREATE TABLE IF NOT EXISTS ${STATES} (${types})`);
    // The table of version 0.1.0 has none.
    await store.run(`ALTER TABLE ${STATES} ADD COLUMN columns JSON`);
    await store.run(
      `COMMENT ON TABLE ${STATES} IS 'How far source-browsee has exported each table. Without it, the export can''t go on.'`,
    );
  }
  await store.run(`DELETE FROM ${STATES} WHERE table_name = $1`, [table]);
  const sql = `INSERT INTO ${STATES} (${STATE_COLUMNS.join(", ")}, columns) VALUES ($1, $2, $3, $4, now(), $5)`;
  await store.run(sql, [table, stream, project, JSON.stringify(state), JSON.stringify(columns)]);
}

/** Gives a table's state to another one, in the transaction that is open. */
export async function moveTableState(store: Store, from: string, to: string): Promise<void> {
  await store.run(`DELETE FROM ${STATES} WHERE table_name = $1`, [to]);
  await store.run(`UPDATE ${STATES} SET table_name = $1 WHERE table_name = $2`, [to, from]);
}

/** All files that were made from a store, some perhaps with several sizes that they may have. */
export async function readMadeFiles(store: Store): Promise<readonly MadeFile[]> {
  if (!(await hasOwnTable(store, FILES, FILE_COLUMNS))) return [];
  const rows = await store.rows(`SELECT ${FILE_COLUMNS.join(", ")} FROM ${FILES}`);
  return rows.map(([file, stream, bytes, escaped, isCurrent]) => ({
    file: String(file),
    stream: String(stream),
    bytes: Number(bytes),
    escaped: escaped === true,
    isCurrent: isCurrent === true,
  }));
}

/** Puts on record what may stand under a file's name from now on, and nothing else if it is current. */
export async function writeMadeFile(
  store: Store,
  { file, stream, bytes, escaped, isCurrent }: MadeFile,
): Promise<void> {
  const types = "file VARCHAR, stream VARCHAR, bytes BIGINT, escaped BOOLEAN, is_current BOOLEAN";
  await store.transaction(async () => {
    await store.run(`CREATE TABLE IF NOT EXISTS ${FILES} (${types})`);
    await store.run(
      `COMMENT ON TABLE ${FILES} IS 'The files that source-browsee has made from this database.'`,
    );
    if (isCurrent) await store.run(`DELETE FROM ${FILES} WHERE file = $1`, [file]);
    const values = [file, stream, bytes, escaped, isCurrent];
    await store.run(`INSERT INTO ${FILES} VALUES ($1, $2, $3, $4, $5)`, values);
  });
}

/** Has the files that were made from a stream's table made anew, in the transaction that is open. */
export async function outdateFiles(store: Store, stream: string): Promise<void> {
  if (!(await hasOwnTable(store, FILES, FILE_COLUMNS))) return;
  await store.run(`UPDATE ${FILES} SET is_current = false WHERE stream = $1`, [stream]);
}
