import { dirname } from "node:path";
import { Cancelled, ConnectorError, type ErrorCode } from "../errors.ts";

const NO_ROOM = /no space left|disk quota|file too large|could not write all/i;
const NO_RIGHT = /permission denied|read-only file system|operation not permitted/i;
const LOCKED = /set lock on file|being used by another process/i;
/** DuckDB does not understand what it was told to do, or itself: no fault of the file's. */
const BUG = /^(Parser|Binder|INTERNAL|Not implemented) Error/;
/** How DuckDB's errors begin. */
const DUCKDB = /^[A-Z][\w ()-]* Error: /i;

/** Errors of the file system by their code: what is wrong, and what to do. */
const FILE_ERRORS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: noFolder,
  ENOTDIR: noFolder,
  EACCES: noRight,
  EPERM: noRight,
  EROFS: noRight,
  EISDIR: (path) => `${path} is a folder. Name a file in it.`,
  ELOOP: (path) => `${path} is a symlink that leads to itself. Choose another path.`,
  ENOSPC: noRoom,
  EDQUOT: noRoom,
  EFBIG: noRoom,
};

/** A failure that has to do with the file that is exported to. */
export function targetError(code: ErrorCode, message: string, cause?: unknown): ConnectorError {
  const detail = cause instanceof Error ? cause.message : message;
  return new ConnectorError({ code, failureType: "config_error", message, detail, cause });
}

/** Whether an error has a code of the file system's, such as ENOENT. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

/**
 * Whatever the file system or DuckDB threw, as a sentence about the file; what is neither's stays as it is.
 * @param path of the file, as messages name it
 */
export function fileFailure(error: unknown, path: string): unknown {
  if (error instanceof ConnectorError || error instanceof Cancelled || !(error instanceof Error))
    return error;
  const sentence = FILE_ERRORS["code" in error ? String(error.code) : ""];
  if (sentence !== undefined) return targetError("target_unwritable", sentence(path), error);
  const { message } = error;
  if (!DUCKDB.test(message) || BUG.test(message)) return error;
  if (NO_ROOM.test(message)) return targetError("target_unwritable", noRoom(path), error);
  if (NO_RIGHT.test(message)) return targetError("target_unwritable", noRight(path), error);
  if (LOCKED.test(message)) return targetError("target_busy", busy(path, message), error);
  const words = message.split("\n", 1).join("").slice(0, 300);
  const unusable = `DuckDB can't work with ${path}: ${words.replace(/[.!]$/, "")}. It was left as it is; if it is damaged, bring it back from a copy, or choose another path.`;
  return targetError("target_unusable", unusable, error);
}

function busy(path: string, message: string): string {
  const [, pid] = /\(PID (\d+)\)/.exec(message) ?? [];
  const who = pid === undefined ? "another program" : `another program (process ${pid})`;
  return `${path} is open in ${who}. If that is an export, wait until it is done; otherwise close it there. Then run this one again.`;
}

function noFolder(path: string): string {
  return `The folder ${dirname(path)} does not exist. Create it, or choose another path.`;
}

function noRight(path: string): string {
  return `${path} can't be written: the permissions of the file or its folder don't allow it. Change them, or choose another path.`;
}

function noRoom(path: string): string {
  return `There is no room for ${path}: the disk is full, or a limit is reached. What was saved before is whole. Make room and run the same command again; it goes on where it stopped.`;
}
