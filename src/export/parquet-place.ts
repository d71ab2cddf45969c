import { access, constants, rm } from "node:fs/promises";
import type { Database } from "./database.ts";
import { openDatabase } from "./open-database.ts";
import { changedByOthers, checkBelongs, notOurs, readSideState, type SideState } from "./side-state.ts";
import { GOES_ON_IN_FULL, goneNote, type SinkOptions } from "./sink-options.ts";
import {
  createStateTable,
  dropTableState,
  readTableStates,
  type TableState,
  writeTableState,
} from "./state-table.ts";
import { sizeOf } from "./whole-file.ts";

/** Sessions that go into the file that is there, and sessions that are all that the file is to hold. */
export type Work = "additions" | "whole";

/** Under this name the database remembers the state that its additions follow. */
const BASE = "base";

/** Where sessions are gathered until the file is written. */
export interface ParquetPlace {
  readonly db: Database;
  readonly work: Work;
  readonly before: TableState;
  readonly notes: readonly string[];
}

/** The database in which sessions are gathered: a file of Parquet can't be added to. */
export function workPath(path: string): string {
  return `${path}.work`;
}

/** Takes the gathered sessions away. */
export async function removeWork(path: string): Promise<void> {
  // First the log: beside a new database it would be taken for that one's.
  for (const end of [".wal", "", ".new.wal", ".new"]) await rm(`${workPath(path)}${end}`, { force: true });
  await rm(`${workPath(path)}.tmp`, { force: true, recursive: true });
}

/**
 * Finds out where an export into a Parquet file goes on: with what a cut-off left gathered, or behind the file's state.
 * @param now Unix ms
 * @throws ConnectorError target_unusable, target_busy or duckdb_missing; Error of the file system
 */
export async function findParquetPlace(options: SinkOptions, now: number): Promise<ParquetPlace> {
  const { path, full } = options;
  const size = await sizeOf(path);
  const side = await readSideState(path);
  checkFile(options, size, side);
  // It will be replaced, which its own permissions could not prevent.
  if (size !== undefined) await access(path, constants.W_OK);
  if (full) await removeWork(path);
  const db = await openDatabase(workPath(path), path);
  try {
    const isThere = size !== undefined && size > 0;
    const gone = !isThere && side !== undefined && side.state !== null;
    const found = await findWork(db, options, isThere ? side : undefined, gone);
    if (found.isNew) await begin(found, now);
    return found;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * @param base state of the file that is there
 * @param gone whether there was one
 */
async function findWork(
  db: Database,
  { path, stream, project, full }: SinkOptions,
  base: SideState | undefined,
  gone: boolean,
): Promise<ParquetPlace & { readonly isNew: boolean }> {
  const fresh: TableState = { stream: stream.name, project, state: undefined };
  const states = await readTableStates(db, path);
  for (const state of states.values()) checkBelongs(path, state, fresh);
  const whole = states.get("whole");
  // With the file's own state it has been put in place, and was only not taken away.
  if (whole !== undefined && (base === undefined || !sameState(whole.state, base.state))) {
    const notes = (base?.state ?? null) === null ? [] : [GOES_ON_IN_FULL];
    return { db, work: "whole", before: whole, notes, isNew: false };
  }
  if (base === undefined || full) {
    return { db, work: "whole", before: fresh, notes: gone ? [goneNote(path)] : [], isNew: true };
  }
  const additions = states.get("additions");
  if (additions !== undefined && sameState(states.get(BASE)?.state, base.state)) {
    return { db, work: "additions", before: additions, notes: [], isNew: false };
  }
  const before = { ...fresh, state: base.state ?? undefined };
  return { db, work: "additions", before, notes: [], isNew: true };
}

function sameState(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

async function begin({ db, work, before }: ParquetPlace, now: number): Promise<void> {
  await db.transaction(async () => {
    await createStateTable(db);
    for (const table of ["whole", "additions"]) {
      await db.run(`DROP TABLE IF EXISTS ${table}`);
      await dropTableState(db, table);
    }
    if (work === "additions") await writeTableState(db, BASE, before, now);
  });
}

/** While an export puts the file in place, and after it was cut off there, the file may differ from its state. */
function checkFile(
  { path, stream, project }: SinkOptions,
  size: number | undefined,
  side: SideState | undefined,
): void {
  if (side !== undefined) checkBelongs(path, side, { stream: stream.name, project });
  if (size === undefined || size === 0) return;
  if (side === undefined) throw notOurs(path);
  if (size !== side.bytes && !side.writing) throw changedByOthers(path, size, side);
}
