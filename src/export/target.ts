import { readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { configError } from "../errors.ts";
import { isShowable } from "../redact.ts";
import { hasCode, targetError } from "./file-failure.ts";

/** The forms that sessions are exported in. */
export type Form = "duckdb" | "parquet" | "csv" | "ndjson" | "pipe";

const ENDINGS: ReadonlyMap<string, Exclude<Form, "pipe">> = new Map([
  ["duckdb", "duckdb"],
  ["parquet", "parquet"],
  ["csv", "csv"],
  ["ndjson", "ndjson"],
  ["jsonl", "ndjson"],
]);

/** A path in front of its ending, and the ending. */
const NAME = /^(.*[^/\\])\.(\w+)$/s;

/** The form that a file has by its ending; undefined for another ending. */
export function formOf(path: string): Exclude<Form, "pipe"> | undefined {
  return ENDINGS.get((NAME.exec(path)?.[2] ?? "").toLowerCase());
}

/** Where an export goes. */
export interface Target {
  readonly form: Form;
  /** Path of the database as it was given, or of the one that stands beside another form; "" for a pipe. */
  readonly store: string;
  /** Path of a stream's file as messages name it; undefined for a pipe. */
  readonly fileOf: (stream: string) => string | undefined;
}

/**
 * Reads what was given as --to.
 * @param streams names of all that are exported
 * @throws ConnectorError usage
 */
export function parseTarget(to: string, streams: readonly string[]): Target {
  if (to === "-") {
    if (streams.length > 1) {
      const sentence = `A pipe takes one stream, and there are ${streams.length}: ${streams.join(", ")}. Name one with --stream.`;
      throw configError("usage", sentence);
    }
    return { form: "pipe", store: "", fileOf: () => undefined };
  }
  const [, base = "", ending = ""] = NAME.exec(to) ?? [];
  const form = formOf(to);
  if (form === undefined) {
    const sentence = `--to ${isShowable(to) ? to : "…"}: the path must end in .duckdb, .parquet, .csv, .ndjson or .jsonl, or be - for stdout.`;
    throw configError("usage", sentence);
  }
  if (form === "duckdb") return { form, store: to, fileOf: () => to };
  const fileOf = (stream: string) => (streams.length === 1 ? to : `${base}.${stream}.${ending}`);
  return { form, store: `${to}.duckdb`, fileOf };
}

/**
 * The absolute path that a path leads to, through symlinks, whether anything stands there or not.
 * @throws Error of the file system: ENOENT where the folder is missing, ELOOP
 */
export async function resolvePath(path: string, links = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  const here = join(await realpath(dirname(resolve(path))), basename(path));
  try {
    const next = await readlink(here);
    if (links > 40) throw Object.assign(new Error(`${path}: too many symlinks`), { code: "ELOOP" });
    return await resolvePath(resolve(dirname(here), next), links + 1);
  } catch (error) {
    if (hasCode(error, "ENOENT") && !(await exists(here))) return here;
    throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return (await fileAt(path)) !== undefined;
}

/** What is known of a file. */
export interface FileInfo {
  readonly size: number;
  /** Permissions. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/**
 * Looks at a file without opening it: a named pipe would have the program wait.
 * @param called as messages name it
 * @returns undefined where there is none
 * @throws ConnectorError target_unusable for what is no file; Error of the file system, EISDIR for a folder
 */
export async function fileAt(path: string, called = path): Promise<FileInfo | undefined> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw Object.assign(new Error(`${path} is a directory`), { code: "EISDIR" });
    if (!found.isFile()) throw targetError("target_unusable", `${called} is no file. Choose another path.`);
    const { size, uid, gid } = found;
    return { size, uid, gid, mode: found.mode & 0o777 };
  } catch (error) {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
