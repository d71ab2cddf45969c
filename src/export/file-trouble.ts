import { dirname } from "node:path";
import { Cancelled, ConnectorError, type ErrorCode } from "../errors.ts";

const NO_ROOM = /no space left|disk quota|file too large|could not write all/i;
const NO_RIGHT = /permission denied|read-only file system|operation not permitted/i;

/** Errors of the file system by their code: what is wrong, and what to do. */
const FILE_ERRORS: Readonly<Record<string, (path: string) => string>> = {
  ENOENT: noFolder,
  ENOTDIR: noFolder,
  EACCES: noRight,
  EPERM: noRight,
  EROFS: noRight,
  EISDIR: (path) => `${path} is a folder. Name a file in it.`,
  ENOSPC: noRoom,
  EDQUOT: noRoom,
  EFBIG: noRoom,
};

/** A failure that has to do with the file that is exported to. */
export function targetError(code: ErrorCode, message: string, cause?: unknown): ConnectorError {
  const detail = cause instanceof Error ? cause.message : message;
  return new ConnectorError({ code, failureType: "config_error", message, detail, cause });
}

/**
 * Whatever writing to a file threw, with a sentence on it.
 * @param path of the file that was to be written
 */
export function fileTrouble(error: unknown, path: string): Error {
  if (error instanceof ConnectorError || error instanceof Cancelled) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  const sentence = FILE_ERRORS["code" in error ? String(error.code) : ""];
  if (sentence !== undefined) return targetError("target_unwritable", sentence(path), error);
  return databaseTrouble(error, path);
}

function databaseTrouble(error: Error, path: string): Error {
  const { message } = error;
  if (NO_ROOM.test(message)) return targetError("target_unwritable", noRoom(path), error);
  if (NO_RIGHT.test(message)) return targetError("target_unwritable", noRight(path), error);
  if (/set lock on file|being used by another process/i.test(message)) {
    const [, pid] = /\(PID (\d+)\)/.exec(message) ?? [];
    const who = pid === undefined ? "another program" : `another program (process ${pid})`;
    const sentence = `${path} is open in ${who}. Close it there, and run the export again.`;
    return targetError("target_busy", sentence, error);
  }
  if (/not a valid DuckDB database|database file with version|corrupt|checksum/i.test(message)) {
    const sentence = `${path} is no database that this version of DuckDB can open. It was left as it is; choose another path.`;
    return targetError("target_unusable", sentence, error);
  }
  return error;
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
