import { randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What stands behind the name of the file that a work folder is for, before 16 random digits. */
const MARK = ".browsee-export-";

/** A new name for a folder beside a file, in which what is to become that file is made. Nobody can foresee it. */
export function workFolderName(path: string): string {
  return join(dirname(path), `.${basename(path)}${MARK}${randomBytes(8).toString("hex")}`);
}

/**
 * Makes a work folder, which only this user may look into, and removes those that killed exports have left.
 * @param folder from workFolderName; whoever calls this holds the lock of the file's store
 * @throws Error of the file system, EEXIST where something stands there
 */
export async function makeWorkFolder(folder: string): Promise<void> {
  const parent = dirname(folder);
  const prefix = basename(folder).slice(0, -16);
  for (const name of await readdir(parent)) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{16}$/.test(name.slice(prefix.length))) continue;
    const left = await lstat(join(parent, name));
    const isOurs = left.isDirectory() && (process.getuid === undefined || left.uid === process.getuid());
    if (isOurs) await rm(join(parent, name), { recursive: true, force: true });
  }
  // The umask may leave out what the folder needs, such as where its file is read-only.
  const umask = process.umask(0o077);
  try {
    await mkdir(folder, { mode: 0o700 });
  } finally {
    process.umask(umask);
  }
}
