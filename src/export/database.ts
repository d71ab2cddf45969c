import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type * as DuckDB from "@duckdb/node-api";
import { Stopped } from "../errors.ts";
import { fileTrouble, targetError } from "./file-trouble.ts";
import { sizeOf } from "./whole-file.ts";

/** More than enough for what is committed at a time; the rest of the memory is the program's own. */
const MEMORY = "96MiB";
/** A file of DuckDB has these bytes at 8. */
const MAGIC = "DUCK";
const MAGIC_AT = 8;

/** A value of a result: 64-bit integers are bigint. */
export type Value = DuckDB.DuckDBValue;

/** An open DuckDB database. Calls come one after another. */
export interface Database {
  /** @throws ConnectorError, or an error of DuckDB */
  run(sql: string, values?: readonly (string | number | null)[]): Promise<void>;
  /** Runs something long; given up when `stop` is aborted. @throws Stopped then */
  runUntil(stop: AbortSignal, sql: string): Promise<void>;
  rows(sql: string, values?: readonly (string | number | null)[]): Promise<readonly (readonly Value[])[]>;
  /** Does some work in one transaction: all of it stands afterwards, or nothing. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Adds a row for each text to a table of one column. */
  append(table: string, texts: readonly string[]): Promise<void>;
  close(): void;
}

/**
 * Opens a database file, and makes it if there is none.
 * @param called path that messages name, where it is not the database's own
 * @throws ConnectorError duckdb_missing, target_unusable or target_busy; Error of the file system
 */
export async function openDatabase(path: string, called = path): Promise<Database> {
  const { DuckDBInstance: library } = await loadLibrary();
  const settings = {
    memory_limit: MEMORY,
    threads: "2",
    // Nothing is fetched from the network: what is needed is built in.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  };
  if (!(await isDatabase(path))) await createAside(library, path, settings);
  // As an absolute path no name is taken for a service, like md:name.
  const instance = await library.create(resolve(path), settings).catch((error: unknown) => {
    throw fileTrouble(error, called);
  });
  return wrap(instance, await instance.connect(), called);
}

async function loadLibrary(): Promise<typeof DuckDB> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    const sentence =
      "DuckDB is not installed beside this program. Run npm install @duckdb/node-api, or export to .csv or .ndjson.";
    throw targetError("duckdb_missing", sentence, error);
  }
}

/** @throws ConnectorError target_unusable for a file of another kind: DuckDB itself would try to make sense of it */
async function isDatabase(path: string): Promise<boolean> {
  const size = await sizeOf(path);
  if (size === undefined || size === 0) return false;
  const handle = await open(path, "r+");
  try {
    const { buffer } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, MAGIC_AT);
    if (buffer.toString("latin1") === MAGIC) return true;
  } finally {
    await handle.close();
  }
  throw targetError(
    "target_unusable",
    `${path} is no DuckDB database. It was left as it is; choose another path.`,
  );
}

/** A database that is killed while it is being made could never be opened again: so it is made beside, and renamed. */
async function createAside(
  library: typeof DuckDB.DuckDBInstance,
  path: string,
  settings: Record<string, string>,
): Promise<void> {
  const aside = `${path}.new`;
  // A log without its database belongs to one that was deleted.
  for (const old of [aside, `${aside}.wal`, `${path}.wal`]) await rm(old, { force: true });
  // Through the file system first, whose errors say more than DuckDB's.
  await (await open(dirname(path), "r")).close();
  try {
    const instance = await library.create(resolve(aside), settings);
    instance.closeSync();
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw fileTrouble(error, path);
  }
}

function wrap(
  instance: DuckDB.DuckDBInstance,
  connection: DuckDB.DuckDBConnection,
  called: string,
): Database {
  const appenders = new Map<string, DuckDB.DuckDBAppender>();
  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw fileTrouble(error, called);
    }
  };
  const run: Database["run"] = (sql, values = []) =>
    translated(async () => void (await connection.run(sql, [...values])));
  return {
    run,
    rows: (sql, values = []) =>
      translated(async () => (await connection.runAndReadAll(sql, [...values])).getRows()),
    async runUntil(stop, sql) {
      const interrupt = () => connection.interrupt();
      if (stop.aborted) throw new Stopped("told to stop before a query");
      stop.addEventListener("abort", interrupt);
      try {
        await run(sql);
      } catch (error) {
        throw stop.aborted ? new Stopped("a query was interrupted") : error;
      } finally {
        stop.removeEventListener("abort", interrupt);
      }
    },
    async transaction(work) {
      await run("BEGIN");
      try {
        const result = await work();
        await run("COMMIT");
        return result;
      } catch (error) {
        // Where the failure has ended the transaction already, there is nothing left to roll back.
        await connection.run("ROLLBACK").catch(() => undefined);
        throw error;
      }
    },
    append: (table, texts) =>
      translated(async () => {
        const appender = appenders.get(table) ?? (await connection.createAppender(table));
        appenders.set(table, appender);
        for (const text of texts) {
          appender.appendVarchar(text);
          appender.endRow();
        }
        appender.flushSync();
      }),
    close() {
      for (const appender of appenders.values()) appender.closeSync();
      connection.closeSync();
      instance.closeSync();
    },
  };
}
