import { readFile } from "node:fs/promises";
import { targetError } from "./file-trouble.ts";
import { isMissing, replaceFile } from "./whole-file.ts";

/** Progress of an export into a file, kept beside it. */
export interface SideState {
  readonly stream: string;
  /** Mark of the project that the sessions are of. */
  readonly project: string;
  /** Columns in the file, in order. */
  readonly columns: readonly string[];
  /** Of the file, in bytes, as far as the state covers it. */
  readonly bytes: number;
  /** Whether an export is at work, so that the file may be longer. */
  readonly writing: boolean;
  /** stream_state; null where nothing was committed. */
  readonly state: unknown;
}

/** Where the state of a file stands. */
export function sideStatePath(path: string): string {
  return `${path}.state.json`;
}

/**
 * @param path of the data file
 * @returns undefined where there is none
 * @throws ConnectorError target_unusable for one that this program did not write
 */
export async function readSideState(path: string): Promise<SideState | undefined> {
  const statePath = sideStatePath(path);
  try {
    const value: unknown = JSON.parse(await readFile(statePath, "utf8"));
    if (isSideState(value)) return value;
  } catch (error) {
    if (isMissing(error)) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
  }
  const sentence = `${statePath} was not written by this program, so where to go on is unknown. Delete it together with ${path}, or choose another path.`;
  throw targetError("target_unusable", sentence);
}

/** Writes the state of a data file. @throws Error of the file system */
export async function writeSideState(path: string, state: SideState): Promise<void> {
  await replaceFile(sideStatePath(path), `${JSON.stringify(state)}\n`);
}

function isSideState(value: unknown): value is SideState {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const columns = fields.get("columns");
  return (
    typeof fields.get("stream") === "string" &&
    typeof fields.get("project") === "string" &&
    Array.isArray(columns) &&
    columns.every((column) => typeof column === "string") &&
    Number.isSafeInteger(fields.get("bytes")) &&
    typeof fields.get("writing") === "boolean" &&
    fields.has("state")
  );
}

/**
 * Makes sure that what a file holds belongs to this export.
 * @throws ConnectorError target_unusable
 */
export function checkBelongs(
  path: string,
  found: Pick<SideState, "stream" | "project">,
  wanted: { readonly stream: string; readonly project: string },
): void {
  if (found.stream !== wanted.stream) {
    const sentence = `${path} holds the stream ${found.stream}, not ${wanted.stream}. Choose another path.`;
    throw targetError("target_unusable", sentence);
  }
  if (found.project !== wanted.project) {
    const sentence = `${path} holds the sessions of another project: they were exported with another API key. Choose another path.`;
    throw targetError("target_unusable", sentence);
  }
}

/** A data file without a state. */
export function notOurs(path: string): Error {
  const sentence = `${path} exists and was not made by this program: there is no ${sideStatePath(path)}. It was left as it is; choose another path.`;
  return targetError("target_unusable", sentence);
}

/** @param size of the data file, in bytes */
export function changedByOthers(path: string, size: number, { bytes }: SideState): Error {
  const sentence = `${path} was changed by another program since the last export: it has ${size} bytes instead of ${bytes}. It was left as it is; choose another path, or delete it to start over.`;
  return targetError("target_unusable", sentence);
}
