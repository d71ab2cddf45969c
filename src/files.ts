import type { Stats } from "node:fs";
import { chmod, chown, lstat, open, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { configError } from "./errors.ts";
import { field } from "./json.ts";

/** Permissions of a new file, by the umask that the process was given: a store narrows it. */
export const NEW_FILE_MODE = 0o666 & ~process.umask();

/** As Linux has it. */
const MOST_LINKS = 40;

/** For what nothing stands at. @throws any other error */
export function nothingThere(error: unknown): undefined {
  if (field(error, "code") !== "ENOENT") throw error;
}

/**
 * The absolute path that a path leads to, through symlinks, whether anything stands there or not.
 * @throws Error of the file system, ENOENT where the folder is missing; ConnectorError for a symlink that leads to itself
 */
export async function resolvePath(path: string): Promise<string> {
  let here = path;
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const folder = await realpath(dirname(resolve(here)));
    here = join(folder, basename(here));
    const found = await lstat(here).catch(nothingThere);
    if (found?.isSymbolicLink() !== true) return here;
    here = resolve(folder, await readlink(here));
  }
  throw configError("target_unwritable", `${path} is a symlink that leads to itself. Choose another path.`);
}

/**
 * Looks at a file without opening it: a named pipe would have the program wait.
 * @returns undefined where there is none
 * @throws Error of the file system; ConnectorError for what is no file
 */
export async function fileAt(path: string): Promise<Stats | undefined> {
  const found = await stat(path).catch(nothingThere);
  if (found?.isDirectory()) throw configError("target_unwritable", `${path} is a folder. Name a file in it.`);
  if (found?.isFile() === false)
    throw configError("target_unusable", `${path} is no file. Choose another path.`);
  return found;
}

/** Gives a file permissions, and an owner: that of another file. */
export async function setRights(path: string, mode: number, owner: Stats): Promise<void> {
  const now = await stat(path);
  if (now.uid !== owner.uid || now.gid !== owner.gid) await chown(path, owner.uid, owner.gid);
  if ((now.mode & 0o777) !== mode) await chmod(path, mode);
}

/** Has a file, or the names in a folder, on disk, whatever befalls the machine. */
export async function syncToDisk(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}
