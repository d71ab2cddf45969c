import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { chmod, lstat, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type * as DuckDB from "@duckdb/node-api";
import { ConnectorError } from "../errors.ts";
import { fileAt, nothingThere, setRights } from "../files.ts";
import { fileFailure, targetError } from "./file-failure.ts";
import { createStore, quoteText, type Store } from "./store.ts";
import type { CopyFile } from "./target.ts";

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

/** What stands behind the name of the store that a work folder is for, before 16 random digits. */
const MARK = ".browsee-export-";

/** Where a file is made from a store. */
export interface CopyPlace extends CopyFile {
  /** Resolved path. */
  readonly path: string;
  /** Permissions of what stands there, or else of what is made. */
  readonly mode: number;
}

/**
 * Opens a database, and makes it if there is none; no more open than the files that are made from it.
 * @param called as messages name it
 * @param path resolved
 * @throws ConnectorError duckdb_missing, target_unusable, target_busy or target_unwritable
 */
export async function openStore(called: string, path: string, copies: readonly CopyPlace[]): Promise<Store> {
  const { DuckDBInstance: library } = await loadLibrary();
  const folder = dirname(path);
  const parents = new Set([path, ...copies.map((copy) => copy.path)].map((file) => dirname(file)));
  const workFolders = new Map([...parents].map((parent) => [parent, workFolderName(parent, path)]));
  let found: Stats | undefined;
  let instance: DuckDB.DuckDBInstance | undefined;

  async function close(isEmpty: boolean): Promise<void> {
    if (isEmpty && instance !== undefined && found === undefined) await rm(path, { force: true });
    instance?.closeSync();
    for (const folder of workFolders.values()) await rm(folder, { recursive: true, force: true });
  }

  try {
    found = await fileAt(path);
    await checkLogs(path, found);
    const modes = [
      0o777,
      found?.mode ?? 0o666 & ~process.umask(),
      ...copies.map((copy) => copy.mode | 0o600),
    ];
    const mode = modes.reduce((all, one) => all & one);
    // Logs and whatever else DuckDB makes are never more open than the database.
    process.umask(0o777 & ~mode);
    const temp_directory = workFolders.get(folder) ?? "";
    instance = await openOrMake(library, path, { ...SETTINGS, temp_directory });
    if (found !== undefined) await setRights(path, mode, found);
    for (const folder of workFolders.values()) await makeWorkFolder(folder);
    const connection = await instance.connect();
    // From then on no statement, such as one in a view of somebody's, reaches files outside, or changes this.
    const allowed = [...workFolders.values()].map(quoteText).join(", ");
    await connection.run(`SET allowed_directories = [${allowed}]`);
    await connection.run("SET enable_external_access = false");
    await connection.run("SET lock_configuration = true");
    return createStore({ path: called, folder, workFolders }, connection, close);
  } catch (error) {
    await close(true);
    throw fileFailure(error, called, true);
  }
}

/**
 * A new name for a folder in which files are made that go beside it. Nobody can foresee it.
 * @param store path of the database that the files are made from
 */
function workFolderName(folder: string, store: string): string {
  return join(folder, `.${basename(store)}${MARK}${randomBytes(8).toString("hex")}`);
}

/**
 * Makes a work folder, which only this user may look into, and removes those that killed exports have left.
 * @param folder from workFolderName; whoever calls this holds the store's lock
 * @throws Error of the file system, EEXIST where something stands there
 */
async function makeWorkFolder(folder: string): Promise<void> {
  const parent = dirname(folder);
  const prefix = basename(folder).slice(0, -16);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{16}$/.test(name.slice(prefix.length))) continue;
    const left = await lstat(join(parent, name));
    const isOurs = left.isDirectory() && (process.getuid === undefined || left.uid === process.getuid());
    if (isOurs) await rm(join(parent, name), { recursive: true, force: true });
  }
  await mkdir(folder, { mode: 0o700 });
  // The umask may have left out what the folder needs, such as where its file is read-only.
  await chmod(folder, 0o700);
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

/** DuckDB would follow a link, take what stands in anybody's log for its own, and delete a log that has no database. */
async function checkLogs(path: string, store: Stats | undefined): Promise<void> {
  for (const log of LOGS.map((ending) => path + ending)) {
    const found = await lstat(log).catch(nothingThere);
    if (found === undefined) continue;
    const isOwn = found.uid === store?.uid || found.uid === process.getuid?.();
    // DuckDB leaves an empty one where it had no room for the database.
    const hasPlace = found.size === 0 || (store !== undefined && store.size > 0);
    if (found.isFile() && isOwn && hasPlace) continue;
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

/** Whether a file is empty, or the beginning of a database that was cut off while it was made, so that nothing is in it. */
async function isUnmade(path: string): Promise<boolean> {
  const size = (await fileAt(path))?.size ?? HEADERS;
  return size === 0 || (size < HEADERS && (await readFile(path)).toString("latin1", 8, 12) === MAGIC);
}
