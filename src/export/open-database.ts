import { open, rename, rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type * as DuckDB from "@duckdb/node-api";
import { createDatabase, type Database, MOST_MIB } from "./database.ts";
import { fileTrouble, targetError } from "./file-trouble.ts";
import { sizeOf } from "./whole-file.ts";

/** A file of DuckDB has these bytes at 8. */
const MAGIC = "DUCK";
const MAGIC_AT = 8;

/**
 * Opens a database file, and makes it if there is none.
 * @param called path that messages name, where it is not the database's own
 * @throws ConnectorError duckdb_missing, target_unusable or target_busy; Error of the file system
 */
export async function openDatabase(path: string, called = path): Promise<Database> {
  const { DuckDBInstance: library } = await loadLibrary();
  const settings = {
    memory_limit: `${MOST_MIB}MiB`,
    // More take more memory and more of the processor, and are no faster at so little.
    threads: "1",
    // Nothing is fetched from the network: what is needed is built in.
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
  };
  if (!(await isDatabase(path))) await createAside(library, path, settings);
  // As an absolute path no name is taken for a service, like md:name.
  const instance = await library.create(resolve(path), settings).catch((error: unknown) => {
    throw fileTrouble(error, called);
  });
  const db = createDatabase(instance, await instance.connect(), called);
  await db.allow(0);
  return db;
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
