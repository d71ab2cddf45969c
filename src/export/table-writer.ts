import type { Emission } from "../sync/emission.ts";
import type { Database } from "./database.ts";
import type { ExportedStream } from "./exported-stream.ts";
import { mergeSql } from "./merge-sql.ts";
import type { Changes } from "./sink.ts";
import { createStateTable, type TableState, writeTableState } from "./state-table.ts";
import { prepareTable } from "./table.ts";

/** Sessions on their way into a table. */
const INCOMING = "browsee_export_incoming";
/** The escape, but not a backslash that is itself escaped, followed by the same letters. */
const HALF = /(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** A table that sessions are merged into by their primary key. */
export interface TableWriter {
  write(batch: readonly Emission[]): void;
  /** Rows and state in one transaction. */
  commit(state: object): Promise<void>;
  /** Makes the table if nothing was committed so far. */
  prepare(): Promise<void>;
  readonly changes: Changes;
}

/** What a table is written with. */
export interface TableParts {
  readonly db: Database;
  readonly table: string;
  readonly stream: ExportedStream;
  /** As it was found; what it lacks is made up for with the first commit. */
  readonly found: TableState;
  /** Throws where the right to write was lost. */
  readonly check: () => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** A writer; nothing is changed before its first commit. */
export function createTableWriter({ db, table, stream, found, check, now }: TableParts): TableWriter {
  const merge = mergeSql(table, INCOMING, stream);
  const changes = { added: 0, changed: 0 };
  const pending = new Map<string, string>();
  let prepared = false;

  async function prepare(): Promise<void> {
    if (prepared) return;
    prepared = true;
    check();
    await db.run(`CREATE TEMP TABLE IF NOT EXISTS ${INCOMING} (json VARCHAR)`);
    await db.transaction(async () => {
      await createStateTable(db);
      await prepareTable(db, table, stream);
      await writeTableState(db, table, found, now());
    });
  }

  async function mergePending(): Promise<void> {
    if (pending.size === 0) return;
    await db.append(INCOMING, [...pending.values()]);
    for (const [action] of await db.rows(merge)) {
      if (action === "INSERT") changes.added += 1;
      else changes.changed += 1;
    }
    await db.run(`DELETE FROM ${INCOMING}`);
  }

  return {
    changes,
    prepare,
    write(batch) {
      // The last word on a session is the one that counts.
      for (const { data, json } of batch) pending.set(keyOf(data, stream.primaryKey), wellFormed(json));
    },
    async commit(state) {
      await prepare();
      check();
      await db.transaction(async () => {
        await mergePending();
        await writeTableState(db, table, { ...found, state }, now());
      });
      pending.clear();
    },
  };
}

function keyOf(data: Readonly<Record<string, unknown>>, primaryKey: readonly string[]): string {
  return JSON.stringify(primaryKey.map((name) => data[name]));
}

/**
 * Half of a pair of UTF-16 surrogates is no character: DuckDB refuses it, so it becomes U+FFFD. JSON.stringify writes
 * such a half, and nothing else, as an escape from \ud800 to \udfff.
 */
function wellFormed(json: string): string {
  return json.includes("\\ud") ? json.replace(HALF, "\\ufffd") : json;
}
