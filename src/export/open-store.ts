import { chmod, chown, lstat, open, rm, stat } from "node:fs/promises";
import type * as DuckDB from "@duckdb/node-api";
import { Cancelled, ConnectorError } from "../errors.ts";
import { fileFailure, hasCode, targetError } from "./file-failure.ts";
import { createStore, quoteText, type Store } from "./store.ts";
import { type FileInfo, fileAt } from "./target.ts";
import { makeWorkFolder, workFolderName } from "./work-folder.ts";

const SETTINGS = {
  // Enough for what is committed at a time; what needs more goes to the work folder.
  memory_limit: "128MiB",
  threads: "1",
  // Nothing is fetched from the network: what is needed is built in.
  autoinstall_known_extensions: "false",
  autoload_known_extensions: "false",
};
/** What DuckDB keeps beside a database while it is open, or after it was killed. */
const LOGS = [".wal", ".wal.checkpoint", ".wal.recovery"];
/** A database has three headers of so many bytes before anything is in it, and MAGIC at byte 8. */
const HEADERS = 3 * 4096;
const MAGIC = "DUCK";

/** What opening a store takes. */
export interface StoreParts {
  /** As messages name it. */
  readonly called: string;
  /** Resolved path of the database. */
  readonly path: string;
  /** Folders that files may be written to, and that are there as long as the store is open. */
  readonly workFolders: readonly string[];
  /** Permissions that the store must not go beyond: those of the files made from it. */
  readonly mostMode: number;
}

/**
 * Opens a database, and makes it if there is none.
 * @throws ConnectorError duckdb_missing, target_unusable, target_busy or target_unwritable
 */
export async function openStore({ called, path, workFolders, mostMode }: StoreParts): Promise<Store> {
  const { DuckDBInstance: library } = await loadLibrary();
  const spill = workFolderName(path);
  const folders: string[] = [];
  let found: FileInfo | undefined;
  let instance: DuckDB.DuckDBInstance | undefined;

  async function close(isEmpty: boolean): Promise<void> {
    if (isEmpty && instance !== undefined && found === undefined) await rm(path, { force: true });
    instance?.closeSync();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }

  try {
    found = await fileAt(path, called);
    await checkLogs(path, found);
    // Logs and whatever else DuckDB makes are never more open than the database.
    process.umask(0o777 & ~((found?.mode ?? 0o666 & ~process.umask()) & mostMode));
    instance = await openOrMake(library, path, { ...SETTINGS, temp_directory: spill });
    if (found !== undefined) await dress(path, { ...found, mode: found.mode & mostMode });
    for (const folder of [spill, ...workFolders]) {
      await makeWorkFolder(folder);
      folders.push(folder);
    }
    const connection = await instance.connect();
    // From then on no statement, such as one in a view of somebody's, reaches files outside, or changes this.
    await connection.run(`SET allowed_directories = [${folders.map(quoteText).join(", ")}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    return createStore(called, connection, close);
  } catch (error) {
    await close(true);
    throw openingFailure(error, called);
  }
}

async function loadLibrary(): Promise<typeof DuckDB> {
  try {
    return await import("@duckdb/node-api");
  } catch (error) {
    const sentence =
      "DuckDB is not installed beside this program. Run npm install @duckdb/node-api, or export to - and put stdout into a file.";
    throw targetError("duckdb_missing", sentence, error);
  }
}

function openingFailure(error: unknown, called: string): unknown {
  const failure = fileFailure(error, called);
  if (failure instanceof ConnectorError || failure instanceof Cancelled) return failure;
  const words = failure instanceof Error ? failure.message : String(failure);
  const sentence = `${called} can't be opened: ${words}. It was left as it is; choose another path.`;
  return targetError("target_unusable", sentence, error);
}

/** DuckDB would follow a link, take what stands in anybody's log for its own, and delete a log that has no database. */
async function checkLogs(path: string, store: FileInfo | undefined): Promise<void> {
  for (const log of LOGS.map((ending) => path + ending)) {
    const found = await lstat(log).catch((error: unknown) => {
      if (!hasCode(error, "ENOENT")) throw error;
    });
    if (found === undefined) continue;
    const isOwn = found.uid === store?.uid || found.uid === process.getuid?.();
    if (found.isFile() && isOwn && store !== undefined && store.size > 0) continue;
    const sentence = `${log} is not the log of a database that stands there. Bring ${path} back, or delete the log.`;
    throw targetError("target_unusable", sentence);
  }
}

async function openOrMake(
  library: typeof DuckDB.DuckDBInstance,
  path: string,
  settings: Record<string, string>,
): Promise<DuckDB.DuckDBInstance> {
  try {
    return await library.create(path, settings);
  } catch (error) {
    const failure = fileFailure(error, path);
    const isLocked = failure instanceof ConnectorError && failure.code === "target_busy";
    if (isLocked || !(await isUnmade(path))) throw error;
    // DuckDB makes a database only where there is no file.
    await rm(path);
    return library.create(path, settings);
  }
}

/** Whether a file is empty, or the begin of a database that was cut off while it was made, so that nothing is in it. */
async function isUnmade(path: string): Promise<boolean> {
  const size = (await fileAt(path))?.size;
  if (size === undefined || size === 0 || size >= HEADERS) return size === 0;
  const handle = await open(path, "r");
  try {
    const { buffer } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 8);
    return buffer.toString("latin1") === MAGIC;
  } finally {
    await handle.close();
  }
}

/** Gives a file an owner and permissions. */
export async function dress(path: string, { uid, gid, mode }: Omit<FileInfo, "size">): Promise<void> {
  const now = await stat(path);
  if (now.uid !== uid || now.gid !== gid) await chown(path, uid, gid);
  if ((now.mode & 0o777) !== mode) await chmod(path, mode);
}
