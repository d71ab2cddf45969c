import { open, rename, rm, stat } from "node:fs/promises";
import { targetError } from "./file-trouble.ts";

/**
 * Puts a text into a file so that at any moment, also after a crash, the file holds either the old text or the new.
 * @throws Error of the file system
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const aside = `${path}.tmp`;
  try {
    const handle = await open(aside, "w");
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
}

/**
 * Size of a file in bytes; undefined where there is none.
 * @throws ConnectorError target_unusable for a device, a pipe and the like; Error of the file system, EISDIR for a folder
 */
export async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw Object.assign(new Error(`${path} is a directory`), { code: "EISDIR" });
    if (!found.isFile()) throw targetError("target_unusable", `${path} is no file. Choose another path.`);
    return found.size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that a file is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
