import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { chmod, lstat, mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type * as DuckDB from "@duckdb/node-api";
import { ConnectorError, configError } from "../errors.ts";
import { fileAt, NEW_FILE_MODE, nothingThere, setRights } from "../files.ts";
import { fileFailure } from "./file-failure.ts";
import { createStore, quoteText, type Store, type StorePlace } from "./store.ts";

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

const MISSING =
  "DuckDB is not installed beside this program. Run npm install @duckdb/node-api, or export to - and put stdout into a file.";

/**
 * Opens a database, and makes it if there is none.
 * @throws ConnectorError duckdb_missing, target_unusable, target_busy or target_unwritable
 */
export async function openStore(place: StorePlace): Promise<Store> {
  const { called, path, files } = place;
  const { DuckDBInstance: library } = await import("@duckdb/node-api").catch((error: unknown) => {
    throw configError("duckdb_missing", MISSING, String(error));
  });
  const mark = `.${basename(path)}.browsee-export-`;
  // Nobody can foresee it, and so prepare it.
  const workName = `${mark}${randomBytes(8).toString("hex")}`;
  const folders = [...new Set([path, ...files].map((file) => dirname(file)))];
  const workFolders = folders.map((folder) => join(folder, workName));
  let found: Stats | undefined;
  let instance: DuckDB.DuckDBInstance | undefined;

  async function close(isEmpty: boolean): Promise<void> {
    if (isEmpty && instance !== undefined && found === undefined) await rm(path, { force: true });
    instance?.closeSync();
    for (const folder of workFolders) await rm(folder, { recursive: true, force: true });
  }

  try {
    found = await fileAt(called);
    await checkLogs(path, found);
    const mode = 0o777 & place.mode & (found?.mode ?? NEW_FILE_MODE);
    // Logs and whatever else DuckDB makes are never more open than the database.
    process.umask(0o777 & ~mode);
    const settings = { ...SETTINGS, temp_directory: join(dirname(path), workName) };
    instance = await openOrMake(path, () => library.create(path, settings));
    if (found !== undefined) await setRights(path, mode, found);
    // No other export is at work here: this one holds the store's lock.
    for (const folder of folders) await removeWorkFolders(folder, mark);
    for (const folder of workFolders) await makeWorkFolder(folder);
    const connection = await instance.connect();
    // From then on no statement, such as one in a view of somebody's, reaches files outside, or changes this.
    await connection.run(`
      SET TimeZone = 'UTC';
      SET allowed_directories = [${workFolders.map(quoteText).join(", ")}];
      SET enable_external_access = false;
      SET lock_configuration = true`);
    return createStore({ ...place, workName }, connection, close);
  } catch (error) {
    await close(true);
    throw fileFailure(error, called, true);
  }
}

/** Removes those of this user that killed exports have left. @param mark how their names begin, before 16 random digits */
async function removeWorkFolders(folder: string, mark: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(mark) || !/^[0-9a-f]{16}$/.test(name.slice(mark.length))) continue;
    const left = await lstat(join(folder, name));
    const isOurs = left.isDirectory() && (process.getuid === undefined || left.uid === process.getuid());
    if (isOurs) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Makes a folder that only this user may look into. @throws Error of the file system, EEXIST where something stands there */
async function makeWorkFolder(folder: string): Promise<void> {
  await mkdir(folder, { mode: 0o700 });
  // The umask may have left out what the folder needs, such as where its file is read-only.
  await chmod(folder, 0o700);
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
    throw configError("target_unusable", sentence);
  }
}

/**
 * Opens a database, or makes it. DuckDB makes one only where there is no file: one is removed that is empty, or the
 * beginning of a database that was cut off while it was made, so that nothing is in it.
 */
async function openOrMake(path: string, open: () => Promise<DuckDB.DuckDBInstance>) {
  return open().catch(async (error: unknown) => {
    const failure = fileFailure(error, path);
    // Another export may be about to make it.
    const isBusy = failure instanceof ConnectorError && failure.code === "target_busy";
    const size = (await fileAt(path))?.size ?? HEADERS;
    const isBegun = size < HEADERS && (await readFile(path)).toString("latin1", 8, 12) === MAGIC;
    if (isBusy || (size > 0 && !isBegun)) throw error;
    await rm(path);
    return open();
  });
}
