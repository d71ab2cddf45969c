import { fileAt, resolvePath } from "../files.ts";
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
