import { dirname, resolve } from "node:path";
import { Cancelled, ConnectorError, configError, type ErrorCode } from "../errors.ts";

/** What the file system or DuckDB says, what it means, and a sentence about it. */
const FAILURES: readonly (readonly [RegExp, ErrorCode, (path: string, words: string) => string])[] = [
  [/no space left|disk quota|file too large|could not write all/i, "target_unwritable", noRoom],
  [/permission denied|read-only file system|operation not permitted/i, "target_unwritable", noRight],
  [/set lock on file|being used by another process/i, "target_busy", busy],
  [/^(ENOENT|ENOTDIR)/, "target_unwritable", noFolder],
];
/** DuckDB does not understand what it was told to do, or itself: no fault of the file's. */
const BUG = /^(Parser|Binder|INTERNAL|Not implemented) Error/;
/** How DuckDB's errors begin. */
const DUCKDB = /^[A-Z][\w ()-]* Error: /i;

/**
 * Whatever the file system or DuckDB threw, as a sentence about the file; what is neither's stays as it is.
 * @param path of the file, as messages name it
 * @param isOpening while a database is opened, whatever is wrong is its file's fault
 */
export function fileFailure(error: unknown, path: string, isOpening = false): unknown {
  if (error instanceof ConnectorError || error instanceof Cancelled || !(error instanceof Error))
    return error;
  const { message } = error;
  const [, code, sentence] = FAILURES.find(([words]) => words.test(message)) ?? [];
  const isDuckDb = DUCKDB.test(message) && !BUG.test(message);
  if (code !== undefined && sentence !== undefined && (isDuckDb || "code" in error))
    return configError(code, sentence(path, message), message);
  if (!isDuckDb && !isOpening) return error;
  const words = message.split("\n", 1).join("").slice(0, 300);
  const unusable = `DuckDB can't work with ${path}: ${words.replace(/[.!]$/, "")}. It was left as it is; if it is damaged, bring it back from a copy, or choose another path.`;
  return configError("target_unusable", unusable, message);
}

/** Does some work with a file. @param called as messages name it @throws a sentence about it, or what is neither's */
export async function aboutFile<T>(called: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fileFailure(error, called);
  }
}

function busy(path: string, message: string): string {
  const [, pid] = /\(PID (\d+)\)/.exec(message) ?? [];
  const who = pid === undefined ? "another program" : `another program (process ${pid})`;
  return `${path} is open in ${who}. If that is an export, wait until it is done; otherwise close it there. Then run this one again.`;
}

function noFolder(path: string, message: string): string {
  const typed = dirname(path);
  // It may be that of what a symlink leads to.
  const [, missing = typed] = /^ENOENT: .* realpath '(.+)'$/s.exec(message) ?? [];
  const folder = resolve(typed) === missing ? typed : missing;
  return `The folder ${folder} does not exist. Create it, or choose another path.`;
}

function noRight(path: string): string {
  return `${path} can't be written: the permissions of the file or its folder don't allow it. Change them, or choose another path.`;
}

function noRoom(path: string): string {
  return `There is no room for ${path}: the disk is full, or a limit is reached. What was saved before is whole. Make room and run the same command again: it goes on where it stopped, or with --full starts over.`;
}
