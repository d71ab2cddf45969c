import { basename, dirname, join } from "node:path";
import { fileAt, resolvePath } from "../files.ts";
import type { ProjectKeys } from "../records/session-key.ts";
import { projectMark, readTableStates, type TableState } from "./bookkeeping.ts";
import { fileFailure } from "./file-failure.ts";
import { type CopyPlace, openStore } from "./open-store.ts";
import type { Store } from "./store.ts";
import type { Target } from "./target.ts";

/** What is open while streams are exported. */
export interface OpenTarget {
  /** Undefined for a pipe. */
  readonly store: Store | undefined;
  /** By stream; none for a database. */
  readonly copies: ReadonlyMap<string, CopyPlace>;
}

/**
 * Opens what a target is kept in, and finds out where files go.
 * @throws ConnectorError duckdb_missing, target_unusable, target_busy or target_unwritable
 */
export async function openTarget({ form, store: named, copies: files }: Target): Promise<OpenTarget> {
  const copies = new Map<string, CopyPlace>();
  if (form === "pipe") return { store: undefined, copies };
  let called = named;
  try {
    const newMode = 0o666 & ~process.umask();
    if (form !== "duckdb") {
      for (const [stream, file] of files) {
        called = file;
        const path = await resolvePath(file);
        copies.set(stream, {
          form,
          called,
          path,
          mode: ((await fileAt(path))?.mode ?? newMode) & 0o777,
        });
      }
    }
    const [only, ...others] = copies.values();
    // A symlink as target has the store beside what it leads to, whatever name the next export is given.
    const path = await resolvePath(only && others.length === 0 ? `${only.path}.duckdb` : named);
    called = form === "duckdb" ? named : path;
    return { store: await openStore(called, path, [...copies.values()]), copies };
  } catch (error) {
    throw fileFailure(error, called);
  }
}

/** A store that earlier exports have made. */
export interface ExistingStore {
  readonly store: Store;
  /** By table. */
  readonly states: ReadonlyMap<string, TableState>;
  /** Resolved folder that it stands in. */
  readonly folder: string;
}

/**
 * Opens the store of a target; makes none.
 * @returns undefined where there is none
 * @throws ConnectorError as openStore does, and target_unusable for tables of others or of another project
 */
export async function openExistingStore(
  target: Target,
  keys: ProjectKeys,
): Promise<ExistingStore | undefined> {
  try {
    const path = await findStore(target);
    if (path === undefined) return undefined;
    const store = await openStore(target.store, path, []);
    try {
      return { store, states: await readTableStates(store, projectMark(keys)), folder: dirname(path) };
    } catch (error) {
      await store.close();
      throw error;
    }
  } catch (error) {
    throw fileFailure(error, target.store);
  }
}

/** A symlink as target has the store beside what it leads to. DuckDB would make a store of an empty file. */
async function findStore(target: Target): Promise<string | undefined> {
  const file = join(dirname(target.store), basename(target.store, ".duckdb"));
  const beside = target.form === "duckdb" ? [] : [`${await resolvePath(file)}.duckdb`];
  for (const path of [...beside, await resolvePath(target.store)]) {
    if (((await fileAt(path))?.size ?? 0) > 0) return path;
  }
  return undefined;
}
