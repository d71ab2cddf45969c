import { fileAt, resolvePath } from "../files.ts";
import { fileFailure } from "./file-failure.ts";
import { type CopyPlace, openStore } from "./open-store.ts";
import type { Store } from "./store.ts";
import type { Target } from "./target.ts";

/** What is open while streams are exported. */
export interface OpenTarget {
  readonly store: Store;
  /** By stream; none for a database. */
  readonly copies: ReadonlyMap<string, CopyPlace>;
}

/** Where the database stands, or is to stand: a symlink as target has it beside what it leads to. */
async function storePath({ form, to }: Target): Promise<string> {
  const path = await resolvePath(to);
  return form === "duckdb" ? path : resolvePath(`${path}.duckdb`);
}

/**
 * Opens what a target is kept in, and finds out where files go.
 * @throws ConnectorError duckdb_missing, target_unusable, target_busy or target_unwritable
 */
export async function openTarget(target: Target): Promise<OpenTarget> {
  const newMode = 0o666 & ~process.umask();
  const copies = new Map<string, CopyPlace>();
  let called = target.to;
  try {
    for (const [stream, copy] of target.copies) {
      called = copy.called;
      const path = await resolvePath(called);
      const mode = ((await fileAt(path))?.mode ?? newMode) & 0o777;
      copies.set(stream, { ...copy, path, mode });
    }
    const path = await storePath(target);
    called = target.form === "duckdb" ? target.to : path;
    return { store: await openStore(called, path, [...copies.values()]), copies };
  } catch (error) {
    throw fileFailure(error, called);
  }
}

/**
 * Opens the database of a target; makes none.
 * @returns undefined where there is none
 * @throws ConnectorError as openTarget does
 */
export async function openExistingStore(target: Target): Promise<Store | undefined> {
  try {
    const path = await storePath(target);
    // DuckDB would make a database of an empty file.
    if (((await fileAt(path))?.size ?? 0) === 0) return undefined;
    return await openStore(target.store, path, []);
  } catch (error) {
    throw fileFailure(error, target.store);
  }
}
