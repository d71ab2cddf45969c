import { open, rename, rm } from "node:fs/promises";
import { resolve } from "node:path";
import type { Database } from "./database.ts";
import { holdingsOf } from "./holdings-sql.ts";
import { findParquetPlace, type ParquetPlace, removeWork, type Work } from "./parquet-place.ts";
import { readSideState, writeSideState } from "./side-state.ts";
import type { Changes, Sink } from "./sink.ts";
import type { SinkOptions } from "./sink-options.ts";
import { quoteName, quoteText } from "./sql-text.ts";
import { CHARACTERS_A_COMMIT, createTableWriter } from "./table-writer.ts";
import { sizeOf } from "./whole-file.ts";

/** Few enough that a group fits into little memory while it is written. */
const ROWS_A_GROUP = 20_000;
const BYTES_A_GROUP = "16MB";
/** In memory, while it is looked which sessions the file has already. */
const BYTES_A_KEY = 200;

/**
 * A Parquet file with each session once. Sessions are gathered in a database beside it; at the end the file is
 * written anew with them, and put in its place.
 * @param now Unix ms
 * @throws ConnectorError target_unusable, target_busy or duckdb_missing; Error of the file system
 */
export async function openParquetSink(options: SinkOptions, now: () => number): Promise<Sink> {
  const { path, stream, lock } = options;
  const place = await findParquetPlace(options, now());
  const { db, work, before } = place;
  const parts = { db, table: work, stream, found: before, check: lock.check, now };
  const writer = createTableWriter(parts);
  let committed = before.state !== undefined && (await hasTable(place));
  let state = before.state;
  let changes: Changes | undefined;
  let isOpen = true;

  return {
    file: path,
    table: undefined,
    state,
    notes: place.notes,
    charactersACommit: CHARACTERS_A_COMMIT,
    write: writer.write,
    async commit(next) {
      await writer.commit(next);
      state = next;
      committed = true;
    },
    async finish() {
      await writer.prepare();
      lock.check();
      const there = work === "whole" ? new Set<string>() : await columnsOf(db, path);
      changes = await countChanges(place, options, there);
      const asItIs =
        changes.added + changes.changed === 0 && stream.columns.every(({ name }) => there.has(name));
      await putInPlace(place, options, state, !asItIs);
      committed = false;
    },
    changes: () => changes,
    starts: writer.starts,
    holdings: () => holdingsOf(db, fileSql(path), stream.cursorField),
    async close() {
      if (isOpen) {
        await writer.rest();
        db.close();
      }
      isOpen = false;
      // What was gathered waits for the next export, unless it is in the file or there is nothing.
      if (!committed) await removeWork(path);
    },
  };
}

async function hasTable({ db, work }: ParquetPlace): Promise<boolean> {
  const rows = await db.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = $1", [work]);
  return rows.length > 0;
}

/** @param rewrite false where the file stays as it is and only its state moves on */
async function putInPlace(
  { db, work }: ParquetPlace,
  { path, stream, project, stop }: SinkOptions,
  state: unknown,
  rewrite: boolean,
): Promise<void> {
  const aside = `${path}.new`;
  const columns = stream.columns.map(({ name }) => name);
  const side = { stream: stream.name, project, columns, state: state ?? null };
  const keys = stream.primaryKey;
  if (rewrite) {
    await rm(aside, { force: true });
    await db.run("SET preserve_insertion_order = false");
    await db.run("SET threads = 1");
    await db.runUntil(stop, copySql(work, path, aside, keys)).catch(async (error: unknown) => {
      await rm(aside, { force: true });
      throw error;
    });
    await sync(aside);
    // From here on the file may be ahead of its state.
    const before = (await readSideState(path)) ?? { ...side, bytes: 0, state: null };
    await writeSideState(path, { ...before, writing: true });
    await rename(aside, path);
  }
  await writeSideState(path, { ...side, bytes: (await sizeOf(path)) ?? 0, writing: false });
}

function copySql(work: Work, path: string, aside: string, keys: readonly string[]): string {
  const kept = `SELECT * FROM ${fileSql(path)} AS old WHERE NOT EXISTS (SELECT 1 FROM ${work} AS new WHERE ${sameKey(keys)}) UNION ALL BY NAME`;
  const all = `${work === "additions" ? kept : ""} SELECT * FROM ${work}`;
  return `COPY (${all}) TO ${quoteText(resolve(aside))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROWS_A_GROUP}, ROW_GROUP_SIZE_BYTES '${BYTES_A_GROUP}', USE_TMP_FILE false)`;
}

async function columnsOf(db: Database, path: string): Promise<ReadonlySet<string>> {
  const described = await db.rows(`DESCRIBE SELECT * FROM ${fileSql(path)}`);
  return new Set(described.map(([name]) => String(name)));
}

/** What the gathered sessions mean for the file that is there. @param there its columns */
async function countChanges(
  { db, work }: ParquetPlace,
  { path, stream }: SinkOptions,
  there: ReadonlySet<string>,
): Promise<Changes> {
  const total = await count(db, `SELECT count(*) FROM ${work}`);
  if (work === "whole") return { added: total, changed: 0 };
  const shared = stream.columns.filter(({ name }) => there.has(name)).map(({ name }) => quoteName(name));
  const row = (side: string) => `(${shared.map((name) => `${side}.${name}`).join(", ")})`;
  const joined = `${work} AS new JOIN ${fileSql(path)} AS old ON ${sameKey(stream.primaryKey)}`;
  await db.allow(total * BYTES_A_KEY);
  const known = await count(db, `SELECT count(*) FROM ${joined}`);
  // Comparing takes all columns; most exports have nothing to compare.
  const changed =
    known === 0
      ? 0
      : await count(db, `SELECT count(*) FROM ${joined} WHERE ${row("new")} IS DISTINCT FROM ${row("old")}`);
  return { added: total - known, changed };
}

async function count(db: Database, sql: string): Promise<number> {
  const [row] = await db.rows(sql);
  return Number(row?.[0] ?? 0);
}

function sameKey(keys: readonly string[]): string {
  return keys.map((key) => `new.${quoteName(key)} = old.${quoteName(key)}`).join(" AND ");
}

/** The file as a relation. What would stand for several files in its path is taken as it is. */
function fileSql(path: string): string {
  const pattern = resolve(path).replace(/[*?[]/g, "[$&]");
  return `read_parquet(${quoteText(pattern)}, hive_partitioning = false)`;
}

/** Has a file on disk before it takes another one's place. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
