import { dirname, resolve } from "node:path";
import { Cancelled, ConnectorError, configError } from "../errors.ts";

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
  const isDuckDb = DUCKDB.test(message) && !BUG.test(message);
  const known = isDuckDb || "code" in error ? knownFailure(message, path) : undefined;
  if (known !== undefined) return known;
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

/** What the file system or DuckDB says of a file, where it is known what a person can do about it. */
function knownFailure(words: string, path: string): ConnectorError | undefined {
  if (/no space left|disk quota|file too large|could not write all/i.test(words)) {
    const sentence = `There is no room for ${path}: the disk is full, or a limit is reached. What was saved before is whole. Make room and run the same command again: it goes on where it stopped, or with --full starts over.`;
    return configError("target_unwritable", sentence, words);
  }
  if (/permission denied|read-only file system|operation not permitted/i.test(words)) {
    const sentence = `${path} can't be written: the permissions of the file or its folder don't allow it. Change them, or choose another path.`;
    return configError("target_unwritable", sentence, words);
  }
  if (/set lock on file|being used by another process/i.test(words)) {
    const [, pid] = /\(PID (\d+)\)/.exec(words) ?? [];
    const who = pid === undefined ? "another program" : `another program (process ${pid})`;
    const sentence = `${path} is open in ${who}. If that is an export, wait until it is done; otherwise close it there. Then run this one again.`;
    return configError("target_busy", sentence, words);
  }
  if (!/^(ENOENT|ENOTDIR)/.test(words)) return undefined;
  const typed = dirname(path);
  // It may be that of what a symlink leads to.
  const [, missing = typed] = /^ENOENT: .* realpath '(.+)'$/s.exec(words) ?? [];
  const folder = resolve(typed) === missing ? typed : missing;
  const sentence = `The folder ${folder} does not exist. Create it, or choose another path.`;
  return configError("target_unwritable", sentence, words);
}
