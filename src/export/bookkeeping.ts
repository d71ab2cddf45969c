import { field } from "../json.ts";
import { targetError } from "./file-failure.ts";
import type { Store } from "./store.ts";
import { columnNames } from "./table.ts";

/** What this program knows of a table that it keeps. */
export interface TableState {
  readonly stream: string;
  /** Mark of the project that the sessions are of. */
  readonly project: string;
  /** stream_state; undefined where nothing was committed. */
  readonly state: unknown;
  /** Columns that the last export brought; undefined where version 0.1.0 was the last. */
  readonly columns: readonly string[] | undefined;
  /** Grows with every change of the table's rows or columns. */
  readonly revision: number;
  /** Files that were made from the table, by name (without the folder). */
  readonly copies: Readonly<Record<string, CopyState>>;
}

/** A file that was made from a table. */
export interface CopyState {
  /** The table's when the file was made. */
  readonly revision: number;
  /** Whether texts in it were kept from being taken for formulas. */
  readonly escaped: boolean;
  /** Bytes that the file may have: of the one that stands there, and of one that was about to take its place. */
  readonly sizes: readonly number[];
}

const TABLE = "browsee_export_state";
/** Version 0.1.0 had no details. */
const COLUMNS = ["table_name", "stream", "project", "state", "updated_at"];

/**
 * The tables that this program made, with their states.
 * @throws ConnectorError target_unusable where somebody else's table has the name of this program's
 */
export async function readTableStates(store: Store): Promise<ReadonlyMap<string, TableState>> {
  const found = await columnNames(store, TABLE);
  if (found.length === 0) return new Map();
  if (!COLUMNS.every((column) => found.includes(column))) {
    const sentence = `${store.path} has a table ${TABLE} that is not this program's. It was left as it is; choose another path.`;
    throw targetError("target_unusable", sentence);
  }
  const details = found.includes("details") ? "CAST(details AS VARCHAR)" : "NULL";
  const sql = `SELECT table_name, stream, project, CAST(state AS VARCHAR), ${details} FROM ${TABLE}`;
  return new Map(
    (await store.rows(sql)).map(([table, stream, project, state, more]) => [
      String(table),
      {
        stream: String(stream),
        project: String(project),
        state: parsed(state) ?? undefined,
        ...detailsIn(parsed(more)),
      },
    ]),
  );
}

/**
 * Puts a table's state on record, in the transaction that is open.
 * @param now Unix ms
 */
export async function writeTableState(
  store: Store,
  table: string,
  { stream, project, state = null, ...details }: TableState,
  now: number,
): Promise<void> {
  if (!(await columnNames(store, TABLE)).includes("details")) {
    const types = "table_name VARCHAR, stream VARCHAR, project VARCHAR, state JSON, updated_at TIMESTAMPTZ";
    await store.run(`CREATE TABLE IF NOT EXISTS ${TABLE} (${types})`);
    await store.run(`ALTER TABLE ${TABLE} ADD COLUMN details JSON`);
    await store.run(
      `COMMENT ON TABLE ${TABLE} IS 'How far source-browsee has exported each table. Without it, the export can''t go on.'`,
    );
  }
  await forgetTable(store, table);
  const values = [table, stream, project, JSON.stringify(state), new Date(now).toISOString()];
  const sql = `INSERT INTO ${TABLE} (${COLUMNS.join(", ")}, details) VALUES ($1, $2, $3, $4, CAST($5 AS TIMESTAMPTZ), $6)`;
  await store.run(sql, [...values, JSON.stringify(details)]);
}

/** Puts on record that a file was made from a stream's table. @param now Unix ms */
export async function writeCopyState(
  store: Store,
  stream: string,
  file: string,
  copy: CopyState,
  now: number,
): Promise<void> {
  const state = (await readTableStates(store)).get(stream);
  if (state === undefined) return;
  const copies = { ...state.copies, [file]: copy };
  await store.transaction(() => writeTableState(store, stream, { ...state, copies }, now));
}

/** Forgets a table, in the transaction that is open. */
export async function forgetTable(store: Store, table: string): Promise<void> {
  await store.run(`DELETE FROM ${TABLE} WHERE table_name = $1`, [table]);
}

function detailsIn(value: unknown): Pick<TableState, "columns" | "revision" | "copies"> {
  const columns = field(value, "columns");
  const copies = Object.entries(field(value, "copies") ?? {}).map(([file, copy]) => {
    const sizes = field(copy, "sizes");
    const revision = Number(field(copy, "revision"));
    const escaped = field(copy, "escaped") === true;
    return [file, { revision, escaped, sizes: Array.isArray(sizes) ? sizes.map(Number) : [] }] as const;
  });
  return {
    columns: Array.isArray(columns) ? columns.map(String) : undefined,
    revision: Number(field(value, "revision") ?? 0),
    copies: Object.fromEntries(copies),
  };
}

function parsed(json: unknown): unknown {
  return typeof json === "string" ? JSON.parse(json) : undefined;
}
