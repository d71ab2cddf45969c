import { rename, rm } from "node:fs/promises";
import {
  changedByOthers,
  checkBelongs,
  notOurs,
  readSideState,
  type SideState,
  sideStatePath,
} from "./side-state.ts";
import { GOES_ON_IN_FULL, goneNote, type SinkOptions } from "./sink-options.ts";
import { sizeOf } from "./whole-file.ts";

/** Where lines are to be appended. */
export interface AppendPlace {
  /** The file to write to: the target, or one beside it that takes its place when it is whole. */
  readonly path: string;
  /** What an earlier export left there; undefined for a file that is to be made. */
  readonly before: SideState | undefined;
  readonly notes: readonly string[];
}

/** The file that a full export is written to until it is whole. */
export function asidePath(path: string): string {
  return `${path}.new`;
}

/**
 * Finds out where an export into a file goes on, and trims what a cut-off left behind what its state covers.
 * @throws ConnectorError target_unusable for a file that is not this program's, or was changed by another one; Error
 * of the file system
 */
export async function findPlace(options: SinkOptions): Promise<AppendPlace> {
  const { path, full } = options;
  const aside = asidePath(path);
  await finishReplacing(path);
  const found = await inspect(path, options);
  if (full) {
    // First the state: without its file it would pass for one that is to be put in place.
    await rm(sideStatePath(aside), { force: true });
    await rm(aside, { force: true });
    return { path: found.before === undefined ? path : aside, before: undefined, notes: [] };
  }
  const { before } = await inspect(aside, options);
  return before === undefined ? { path, ...found } : { path: aside, before, notes: [GOES_ON_IN_FULL] };
}

/** Puts a full export into its place: first the file, then its state. */
export async function replaceByAside(path: string): Promise<void> {
  await rename(asidePath(path), path);
  await rename(sideStatePath(asidePath(path)), sideStatePath(path));
}

/** Cut off between the two, the second step is still to be done. */
async function finishReplacing(path: string): Promise<void> {
  const statePath = sideStatePath(asidePath(path));
  if ((await sizeOf(asidePath(path))) === undefined && (await sizeOf(statePath)) !== undefined) {
    await rename(statePath, sideStatePath(path));
  }
}

async function inspect(path: string, { stream, project }: SinkOptions): Promise<Omit<AppendPlace, "path">> {
  const size = await sizeOf(path);
  const before = await readSideState(path);
  if (before === undefined) {
    if (size === undefined || size === 0) return { before, notes: [] };
    throw notOurs(path);
  }
  checkBelongs(path, before, { stream: stream.name, project });
  if (size === undefined) return { before: undefined, notes: before.bytes === 0 ? [] : [goneNote(path)] };
  if (size < before.bytes || (size > before.bytes && !before.writing)) {
    throw changedByOthers(path, size, before);
  }
  return { before, notes: [] };
}
