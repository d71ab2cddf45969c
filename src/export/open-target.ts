import type { Config } from "../config.ts";
import { fileAt, NEW_FILE_MODE, resolvePath } from "../files.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import { projectMark } from "./bookkeeping.ts";
import { type CopyTarget, checkCopyTarget } from "./copy.ts";
import { aboutFile } from "./file-failure.ts";
import { type FoundTable, findTable } from "./find-table.ts";
import { openStore } from "./open-store.ts";
import type { CopyFile, Target } from "./target.ts";

/** What is exported, and where to. */
export interface ExportChoice {
  readonly config: Config;
  /** Undefined for a pipe. */
  readonly target: Target | undefined;
  readonly definitions: readonly StreamDefinition[];
  /** Picked fields; none picks all. */
  readonly fields: readonly string[];
  readonly full: boolean;
  readonly escapeFormulas: boolean;
  readonly stop: AbortSignal;
}

/** A stream, and where it goes. */
export interface FoundStream {
  readonly definition: StreamDefinition;
  /** Undefined for a pipe, and where there is no store yet. */
  readonly table: FoundTable | undefined;
  /** Undefined for a pipe and a database. */
  readonly copy: CopyTarget | undefined;
}

/**
 * Finds out where each stream goes, and does some work while the store is open. Nothing is changed before.
 * @param mayMake whether a store is made where there is none
 * @throws ConnectorError duckdb_missing, target_unusable, target_busy or target_unwritable, or whatever the work throws
 */
export async function withStreams<T>(
  { config, target, definitions, fields, full, escapeFormulas, stop }: ExportChoice,
  mayMake: boolean,
  work: (streams: readonly FoundStream[]) => Promise<T>,
): Promise<T> {
  const { store, files } = await openTarget(target, mayMake);
  try {
    const streams: FoundStream[] = [];
    for (const definition of definitions) {
      const kept = { definition, project: projectMark(config), full, stop };
      const file = files.get(definition.name);
      const copy = file && { ...kept, ...file, escapeFormulas };
      if (copy !== undefined) await checkCopyTarget(store, copy);
      streams.push({ definition, copy, table: store && (await findTable(store, kept, fields)) });
    }
    return await work(streams);
  } finally {
    await store?.close();
  }
}

/**
 * Opens the database of a target.
 * @param mayMake whether it is made where there is none
 * @returns no store for a pipe, or where there is none; and where the files made from it stand, by stream
 * @throws ConnectorError duckdb_missing, target_unusable, target_busy or target_unwritable
 */
export async function openTarget(target: Target | undefined, mayMake: boolean) {
  const files = new Map<string, CopyFile & { readonly path: string }>();
  if (target === undefined) return { store: undefined, files };
  let mode = 0o777;
  for (const [stream, copy] of target.copies)
    await aboutFile(copy.called, async () => {
      const path = await resolvePath(copy.called);
      mode &= ((await fileAt(copy.called))?.mode ?? NEW_FILE_MODE) | 0o600;
      files.set(stream, { ...copy, path });
    });
  const isDatabase = target.form === "duckdb";
  return aboutFile(target.to, async () => {
    const beside = await resolvePath(target.to);
    // Of a symlink beside what it leads to.
    const path = isDatabase ? beside : await resolvePath(`${beside}.duckdb`);
    const called = isDatabase ? target.to : path;
    // DuckDB would make a database of an empty file.
    const isThere = mayMake || ((await fileAt(path))?.size ?? 0) > 0;
    const paths = [...files.values()].map((file) => file.path);
    // What only looks at a store leaves its permissions.
    const place = { called, path, mode: mayMake ? mode : 0o777, files: paths };
    return { store: isThere ? await openStore(place) : undefined, files };
  });
}
