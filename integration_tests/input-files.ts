import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What the program is given in files: text and bytes as they are, all else as JSON; nothing for what is undefined. */
export interface InputFiles {
  readonly config?: unknown;
  readonly catalog?: unknown;
  readonly state?: unknown;
}

/** Does some work with a folder of its own, which is gone afterwards. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "source-browsee-test-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * Writes the files into a folder.
 * @returns the arguments that name them
 */
export async function writeInputFiles(folder: string, files: InputFiles): Promise<string[]> {
  const args: string[] = [];
  for (const name of ["config", "catalog", "state"] as const) {
    const content = files[name];
    if (content === undefined) continue;
    const path = join(folder, `${name}.json`);
    await writeFile(
      path,
      typeof content === "string" || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    );
    args.push(`--${name}`, path);
  }
  return args;
}
