import { basename, dirname, join } from "node:path";
import { readTableStates, type TableState } from "./bookkeeping.ts";
import { fileFailure } from "./file-failure.ts";
import { openStore } from "./open-store.ts";
import type { Store } from "./store.ts";
import { fileAt, resolvePath, type Target } from "./target.ts";
import { workFolderName } from "./work-folder.ts";

/** A store that earlier exports have made. */
export interface ExistingStore {
  readonly store: Store;
  /** By table. */
  readonly states: ReadonlyMap<string, TableState>;
  /** Resolved folder that it stands in. */
  readonly folder: string;
  /** Folder beside it, in which files may be made. */
  readonly workFolder: string;
  /** Permissions that a new file does not have. */
  readonly umask: number;
}

/**
 * Opens the store of a target; makes none.
 * @returns undefined where there is none
 * @throws ConnectorError as openStore does, and target_unusable for tables that are not this program's
 */
export async function openExistingStore(target: Target): Promise<ExistingStore | undefined> {
  const umask = process.umask();
  try {
    const path = await findStore(target);
    if (path === undefined) return undefined;
    const workFolder = workFolderName(join(dirname(path), basename(path, ".duckdb")));
    const store = await openStore({ called: target.store, path, workFolders: [workFolder], mostMode: 0o777 });
    try {
      return { store, states: await readTableStates(store), folder: dirname(path), workFolder, umask };
    } catch (error) {
      await store.close();
      throw error;
    }
  } catch (error) {
    throw fileFailure(error, target.store);
  }
}

/** A symlink as target has the store beside what it leads to. */
async function findStore(target: Target): Promise<string | undefined> {
  const file = basename(target.store, ".duckdb");
  const beside =
    target.form === "duckdb" ? [] : [`${await resolvePath(join(dirname(target.store), file))}.duckdb`];
  for (const path of [...beside, await resolvePath(target.store)]) {
    if ((await fileAt(path, target.store)) !== undefined) return path;
  }
  return undefined;
}
