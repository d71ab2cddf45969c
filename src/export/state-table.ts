import type { Database } from "./database.ts";
import { targetError } from "./file-trouble.ts";

const TABLE = "browsee_export_state";
const COLUMNS = ["table_name", "stream", "project", "state", "updated_at"];

/** Progress of an export into a table, kept in the same database. */
export interface TableState {
  readonly stream: string;
  /** Mark of the project that the sessions are of. */
  readonly project: string;
  /** stream_state; undefined where nothing was committed. */
  readonly state: unknown;
}

/**
 * The tables that this program made, with their states.
 * @throws ConnectorError target_unusable if somebody else's table has the state table's name
 */
export async function readTableStates(db: Database, path: string): Promise<ReadonlyMap<string, TableState>> {
  const columns = await db.rows(
    "SELECT column_name FROM duckdb_columns() WHERE database_name = current_database() AND schema_name = 'main' AND table_name = $1",
    [TABLE],
  );
  if (columns.length === 0) return new Map();
  const names = columns.map(([name]) => String(name));
  if (!COLUMNS.every((column) => names.includes(column))) {
    const sentence = `${path} has a table ${TABLE} that is not this program's. It was left as it is; choose another path.`;
    throw targetError("target_unusable", sentence);
  }
  const rows = await db.rows(`SELECT table_name, stream, project, CAST(state AS VARCHAR) FROM ${TABLE}`);
  return new Map(
    rows.map(([table, stream, project, state]) => [
      String(table),
      { stream: String(stream), project: String(project), state: parse(state) },
    ]),
  );
}

/** Makes the table of states if there is none. */
export async function createStateTable(db: Database): Promise<void> {
  await db.run(
    `CREATE TABLE IF NOT EXISTS ${TABLE} (table_name VARCHAR, stream VARCHAR, project VARCHAR, state JSON, updated_at TIMESTAMPTZ)`,
  );
  await db.run(
    `COMMENT ON TABLE ${TABLE} IS 'How far source-browsee has exported each table. Without it, the export can''t go on.'`,
  );
}

/**
 * Puts a table's state on record, in the transaction that is open.
 * @param now Unix ms
 */
export async function writeTableState(
  db: Database,
  table: string,
  { stream, project, state }: TableState,
  now: number,
): Promise<void> {
  await db.run(`DELETE FROM ${TABLE} WHERE table_name = $1`, [table]);
  const values = [table, stream, project, JSON.stringify(state ?? null), new Date(now).toISOString()];
  await db.run(`INSERT INTO ${TABLE} VALUES ($1, $2, $3, $4, CAST($5 AS TIMESTAMPTZ))`, values);
}

/** Forgets a table, or gives its state to another one. */
export async function moveTableState(db: Database, from: string, to: string): Promise<void> {
  await db.run(`DELETE FROM ${TABLE} WHERE table_name = $1`, [to]);
  await db.run(`UPDATE ${TABLE} SET table_name = $1 WHERE table_name = $2`, [to, from]);
}

/** Forgets a table, in the transaction that is open. */
export async function dropTableState(db: Database, table: string): Promise<void> {
  await db.run(`DELETE FROM ${TABLE} WHERE table_name = $1`, [table]);
}

function parse(state: unknown): unknown {
  return typeof state === "string" ? (JSON.parse(state) ?? undefined) : undefined;
}
