import type * as DuckDB from "@duckdb/node-api";
import { Cancelled } from "../errors.ts";
import { aboutFile, fileFailure } from "./file-failure.ts";

/** What a statement is given in the place of $1, $2 and so on. */
export type Parameters = readonly (string | number | boolean | null)[];

/** An open DuckDB database; as long as it is open, no other process has it. All that it throws is a sentence about it. */
export type Store = ReturnType<typeof createStore>;

/** A name in SQL, whatever characters it has. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text in SQL. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Names in SQL, with commas between. @param of what they are columns of */
export function quoteNames(names: readonly string[], of?: string): string {
  return names.map((name) => (of === undefined ? "" : `${of}.`) + quoteName(name)).join(", ");
}

/** Where a database stands, or is to stand. */
export interface StorePlace {
  /** As messages name it. */
  readonly called: string;
  /** Resolved. */
  readonly path: string;
  /** Permissions that it may have at most. */
  readonly mode: number;
  /** Resolved paths of the files that are made from it. */
  readonly files: readonly string[];
}

/** Where a database that is open stands. */
interface OpenPlace extends StorePlace {
  /** Name of the folders that statements may write to: one beside it, and one beside each file that is made from it. */
  readonly workName: string;
}

/**
 * A store on an open database.
 * @param close gives everything back; takes whether nothing was committed
 */
export function createStore(
  place: OpenPlace,
  connection: DuckDB.DuckDBConnection,
  close: (isEmpty: boolean) => Promise<void>,
) {
  let committed = false;

  /**
   * Runs a statement.
   * @param stop ends it early once it is aborted
   * @returns its rows, with 64-bit integers as bigint; of one that changes a table how many it has changed
   * @throws Cancelled once `stop` is aborted
   */
  async function run(
    sql: string,
    values: Parameters = [],
    stop?: AbortSignal,
  ): Promise<readonly (readonly unknown[])[]> {
    const interrupt = () => connection.interrupt();
    if (stop?.aborted) throw new Cancelled("told to stop before a query");
    stop?.addEventListener("abort", interrupt);
    try {
      return (await connection.runAndReadAll(sql, [...values])).getRows();
    } catch (error) {
      throw stop?.aborted ? new Cancelled("a query was interrupted") : fileFailure(error, place.called);
    } finally {
      stop?.removeEventListener("abort", interrupt);
    }
  }

  return {
    ...place,
    run,
    /** The first value of the first row as a number: so of a statement that changes a table how many rows. */
    async count(sql: string, stop?: AbortSignal): Promise<number> {
      const [[first] = []] = await run(sql, [], stop);
      return Number(first ?? 0);
    },
    /** All of the work stands afterwards, or nothing of it. */
    async transaction<T>(work: () => Promise<T>): Promise<T> {
      try {
        await run("BEGIN");
        const result = await work();
        await run("COMMIT");
        committed = true;
        return result;
      } catch (error) {
        // Where the failure has ended the transaction already, there is nothing left to roll back.
        await connection.run("ROLLBACK").catch(() => undefined);
        throw error;
      }
    },
    /** Removes the file too if this process has made it and nothing was committed. */
    async close(): Promise<void> {
      connection.closeSync();
      await aboutFile(place.called, () => close(!committed));
    },
  };
}
