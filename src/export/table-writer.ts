import type { Emission } from "../sync/emission.ts";
import { type Database, numberOf } from "./database.ts";
import type { ExportedStream } from "./exported-stream.ts";
import { mergeSql } from "./merge-sql.ts";
import type { Changes, Starts } from "./sink.ts";
import { createStage, type Staged } from "./stage.ts";
import { createStaging } from "./staging.ts";
import { createStateTable, type TableState, writeTableState } from "./state-table.ts";
import { prepareTable } from "./table.ts";

/** For charactersACommit of a sink: what is not committed needs little memory, and each commit writes the end of the table anew. */
export const CHARACTERS_A_COMMIT = 64_000_000;

/** A table that sessions are merged into by their primary key. */
export interface TableWriter {
  /** Takes sessions at once. Resolves when more may come. @returns their characters */
  write(batch: readonly Emission[]): Promise<number>;
  /** Rows and state in one transaction. */
  commit(state: object): Promise<void>;
  /** Makes the table if nothing was committed so far. */
  prepare(): Promise<void>;
  /** Resolves when the database may be closed. */
  rest(): Promise<void>;
  /** Of what was committed. */
  readonly changes: Changes;
  starts(): Starts;
}

/** What a table is written with. */
export interface TableParts {
  readonly db: Database;
  readonly table: string;
  readonly stream: ExportedStream;
  /** As it was found; what it lacks is made up for with the first commit. */
  readonly found: TableState;
  /** Throws where the right to write was lost. */
  readonly check: () => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** A writer; nothing is changed before its first commit. */
export function createTableWriter({ db, table, stream, found, check, now }: TableParts): TableWriter {
  const changes = { added: 0, changed: 0 };
  const staging = createStaging(createStage(db, stream));
  let starts: Starts = {};
  let prepared = false;

  async function prepare(): Promise<void> {
    if (prepared) return;
    prepared = true;
    check();
    await db.transaction(async () => {
      await createStateTable(db);
      await prepareTable(db, table, stream);
      await writeTableState(db, table, found, now());
    });
  }

  async function merge({ table: incoming, sessions, span }: Staged): Promise<Changes> {
    if (sessions === 0) return { added: 0, changed: 0 };
    const sql = mergeSql(table, incoming, stream, span);
    // Most sessions are new, and putting them in is all that they need.
    if ((await count(sql.near)) === 0 || (await count(sql.known)) === 0)
      return { added: await db.run(sql.insertAll), changed: 0 };
    const changed = await db.run(sql.update);
    return { added: await db.run(sql.insertNew), changed };
  }

  async function count(sql: string): Promise<number | undefined> {
    const [row] = await db.rows(sql);
    return numberOf(row?.[0]);
  }

  return {
    changes,
    starts: () => starts,
    prepare,
    write: staging.add,
    rest: staging.rest,
    commit: (state) =>
      staging.handOver(async (staged) => {
        await prepare();
        check();
        const { added, changed } = await db.transaction(async () => {
          const merged = await merge(staged);
          await writeTableState(db, table, { ...found, state }, now());
          return merged;
        });
        changes.added += added;
        changes.changed += changed;
        starts = bothOf(starts, staged.starts);
      }),
  };
}

function bothOf(one: Starts, other: Starts): Starts {
  const firsts = [one.first, other.first].filter((start) => start !== undefined);
  const lasts = [one.last, other.last].filter((start) => start !== undefined);
  return firsts.length === 0 ? one : { first: Math.min(...firsts), last: Math.max(...lasts) };
}
