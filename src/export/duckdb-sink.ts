import { rm } from "node:fs/promises";
import type { Database } from "./database.ts";
import { targetError } from "./file-trouble.ts";
import { holdingsOf } from "./holdings-sql.ts";
import { openDatabase } from "./open-database.ts";
import { checkBelongs } from "./side-state.ts";
import type { Sink } from "./sink.ts";
import { GOES_ON_IN_FULL, goneNote, type SinkOptions } from "./sink-options.ts";
import { quoteName } from "./sql-text.ts";
import { dropTableState, moveTableState, readTableStates, type TableState } from "./state-table.ts";
import { tableNames } from "./table.ts";
import { CHARACTERS_A_COMMIT, createTableWriter, type TableWriter } from "./table-writer.ts";
import { sizeOf } from "./whole-file.ts";

interface Place {
  readonly table: string;
  /** As an earlier export left it; undefined for a table that is to be made. */
  readonly before: TableState | undefined;
  readonly notes: readonly string[];
}

/**
 * A table in a DuckDB database, named like its stream. A full export goes into a table beside it, which takes its
 * place at the end.
 * @param now Unix ms
 * @throws ConnectorError target_unusable, target_busy or duckdb_missing; Error of the file system
 */
export async function openDuckdbSink(options: SinkOptions, now: () => number): Promise<Sink> {
  const { path, stream, project, lock } = options;
  const isNew = (await sizeOf(path)) === undefined;
  const db = await openDatabase(path);
  let open = true;
  let committed = false;
  let writer: TableWriter | undefined;
  async function close(): Promise<void> {
    if (open) {
      await writer?.rest();
      db.close();
    }
    open = false;
    // An export that never came to anything leaves nothing behind.
    if (isNew && !committed) await rm(path, { force: true });
  }

  try {
    const place = await findPlace(db, options);
    const found = place.before ?? { stream: stream.name, project, state: undefined };
    const { table } = place;
    const rows = createTableWriter({ db, table, stream, found, check: lock.check, now });
    writer = rows;
    return {
      file: path,
      table: stream.name,
      state: found.state,
      notes: place.notes,
      charactersACommit: CHARACTERS_A_COMMIT,
      write: rows.write,
      async commit(state) {
        await rows.commit(state);
        committed = true;
      },
      async finish() {
        await rows.prepare();
        committed = true;
        if (table !== stream.name) await replaceTable(db, table, stream.name);
      },
      changes: () => rows.changes,
      starts: rows.starts,
      holdings: () => holdingsOf(db, quoteName(stream.name), stream.cursorField),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The table that a full export is written to until it is whole. */
function asideTable(table: string): string {
  return `${table}_new_by_export`;
}

async function findPlace(db: Database, { path, stream, project, full }: SinkOptions): Promise<Place> {
  const tables = await tableNames(db);
  const states = await readTableStates(db, path);
  for (const name of [stream.name, asideTable(stream.name)]) {
    const state = states.get(name);
    if (state !== undefined) checkBelongs(path, state, { stream: stream.name, project });
    else if (tables.has(name)) {
      const sentence = `${path} has a table ${name} that this program did not make. It was left as it is; choose another path, or rename the table.`;
      throw targetError("target_unusable", sentence);
    }
  }
  const aside = asideTable(stream.name);
  const unfinished = tables.has(aside) ? states.get(aside) : undefined;
  const before = tables.has(stream.name) ? states.get(stream.name) : undefined;
  if (full) {
    if (unfinished !== undefined) await dropTable(db, aside);
    return { table: before === undefined ? stream.name : aside, before: undefined, notes: [] };
  }
  if (unfinished !== undefined) return { table: aside, before: unfinished, notes: [GOES_ON_IN_FULL] };
  const gone = states.has(stream.name) && !tables.has(stream.name);
  return { table: stream.name, before, notes: gone ? [goneNote(`The table ${stream.name}`)] : [] };
}

async function dropTable(db: Database, table: string): Promise<void> {
  await db.transaction(async () => {
    await db.run(`DROP TABLE ${quoteName(table)}`);
    await dropTableState(db, table);
  });
}

async function replaceTable(db: Database, from: string, to: string): Promise<void> {
  await db.transaction(async () => {
    await db.run(`DROP TABLE IF EXISTS ${quoteName(to)}`);
    await db.run(`ALTER TABLE ${quoteName(from)} RENAME TO ${quoteName(to)}`);
    await moveTableState(db, from, to);
  });
}
