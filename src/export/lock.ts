import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { rm, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { kill } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { targetError } from "./file-trouble.ts";
import { isMissing } from "./whole-file.ts";

/** The holder says that it is alive this often. */
const BEAT_MS = 10_000;
/** A holder that was silent for so long is gone. */
const SILENT_MS = 60_000;
/** Between making the file and writing into it, nobody takes longer. */
const WRITING_MS = 200;

/** The sole right to write to a file, as a file PATH.lock beside it. */
export interface Lock {
  /** @throws ConnectorError target_busy if someone has taken the lock away */
  check(): void;
  release(): Promise<void>;
}

interface Holder {
  readonly pid: number;
  readonly host: string;
}

/**
 * Takes the lock on a file. A lock that a process left behind that is gone is taken over.
 * @param path of the file to write to
 * @param pid of this process
 * @throws ConnectorError target_busy, or an error of the file system
 */
export async function takeLock(path: string, pid: number): Promise<Lock> {
  const lockPath = `${path}.lock`;
  const mine = JSON.stringify({ pid, host: hostname(), since: new Date().toISOString() });
  while (!create(lockPath, mine)) {
    const holder = await otherHolder(lockPath, pid);
    if (holder !== undefined) {
      const { pid: other, host } = holder;
      const sentence = `Another export is at work on ${path} (process ${other} on ${host}). Wait until it is done, then run this one again.`;
      throw targetError("target_busy", sentence);
    }
    await rm(lockPath, { force: true });
  }
  const beat = setInterval(() => {
    const now = new Date();
    // Where the file is gone, the next check says so.
    utimes(lockPath, now, now).catch(() => undefined);
  }, BEAT_MS);
  beat.unref();
  const held = () => textOf(lockPath) === mine;
  return {
    check() {
      if (held()) return;
      const sentence = `Another export has taken over ${path}, or ${lockPath} was deleted. Run the command again; it goes on where it stopped.`;
      throw targetError("target_busy", sentence);
    },
    async release() {
      clearInterval(beat);
      if (held()) await rm(lockPath, { force: true });
    },
  };
}

/** @returns false if there is one already */
function create(lockPath: string, text: string): boolean {
  let file: number;
  try {
    file = openSync(lockPath, "wx");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
  try {
    writeFileSync(file, text);
    return true;
  } catch (error) {
    rmSync(lockPath, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}

/** Who holds the lock, if it is somebody alive. */
async function otherHolder(lockPath: string, pid: number): Promise<Holder | undefined> {
  if (textOf(lockPath) === "") await delay(WRITING_MS);
  const holder = parse(textOf(lockPath) ?? "");
  if (holder === undefined || silentMs(lockPath) > SILENT_MS) return undefined;
  if (holder.host !== hostname()) return holder;
  // In a container that was started again, the number of the process is the same as before.
  return holder.pid !== pid && isAlive(holder.pid) ? holder : undefined;
}

function silentMs(lockPath: string): number {
  const found = statSync(lockPath, { throwIfNoEntry: false });
  return found === undefined ? Number.POSITIVE_INFINITY : Date.now() - found.mtimeMs;
}

function isAlive(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function parse(text: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isHolder(value) ? value : undefined;
  } catch {
    // Its writer was killed in the middle.
    return undefined;
  }
}

function isHolder(value: unknown): value is Holder {
  return (
    typeof value === "object" &&
    value !== null &&
    "pid" in value &&
    typeof value.pid === "number" &&
    "host" in value &&
    typeof value.host === "string"
  );
}
