import type { Stats } from "node:fs";
import { chmod, lstat, mkdir, readFile, rm } from "node:fs/promises";
import type * as DuckDB from "@duckdb/node-api";
import { ConnectorError, configError } from "../errors.ts";
import { fileAt, NEW_FILE_MODE, nothingThere, setRights } from "../files.ts";
import { fileFailure } from "./file-failure.ts";
import { createStore, quoteText, type Store, type StorePlace, workFolder } from "./store.ts";

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
  const workFolders = new Set([path, ...files].map((file) => workFolder(file, path)));
  const made: string[] = [];
  let found: Stats | undefined;
  let instance: DuckDB.DuckDBInstance | undefined;

  async function close(isEmpty: boolean): Promise<void> {
    if (isEmpty && instance !== undefined && found === undefined) await rm(path, { force: true });
    instance?.closeSync();
    for (const folder of made) await rm(folder, { recursive: true, force: true });
  }

  try {
    found = await fileAt(called);
    await checkLogs(path, found);
    const mode = 0o777 & place.mode & (found?.mode ?? NEW_FILE_MODE);
    // Logs and whatever else DuckDB makes are never more open than the database.
    process.umask(0o777 & ~mode);
    const settings = { ...SETTINGS, temp_directory: workFolder(path, path) };
    instance = await openOrMake(path, () => library.create(path, settings));
    if (found !== undefined) await setRights(path, mode, found);
    for (const folder of workFolders) made.push(await makeWorkFolder(folder));
    const connection = await instance.connect();
    // From then on no statement, such as one in a view of somebody's, reaches files outside, or changes this.
    await connection.run(`
      SET TimeZone = 'UTC';
      SET allowed_directories = [${made.map(quoteText).join(", ")}];
      SET enable_external_access = false;
      SET lock_configuration = true`);
    return createStore(place, connection, close);
  } catch (error) {
    await close(true);
    throw fileFailure(error, called, true);
  }
}

/** Makes a folder that only this user may look into, in the place of one that a killed export has left. */
async function makeWorkFolder(folder: string): Promise<string> {
  if ((await lstat(folder).catch(nothingThere))?.isDirectory()) await rm(folder, { recursive: true });
  await mkdir(folder, { mode: 0o700 });
  // The umask may have left out what the folder needs, such as where its file is read-only.
  await chmod(folder, 0o700);
  return folder;
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
