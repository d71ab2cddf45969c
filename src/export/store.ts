import type * as DuckDB from "@duckdb/node-api";
import { Cancelled } from "../errors.ts";
import { fileFailure } from "./file-failure.ts";

/** A value of a result: 64-bit integers are bigint. */
export type Value = DuckDB.DuckDBValue;

/** What a statement is given in the place of $1, $2 and so on. */
export type Parameters = readonly (string | number | null)[];

/** An open DuckDB database; as long as it is open, no other process has it. All that it throws is a sentence about it. */
export interface Store {
  /** As messages name it. */
  readonly path: string;
  /** @returns how many rows it has changed */
  run(sql: string, values?: Parameters): Promise<number>;
  /** Runs something long, which ends early when `stop` is aborted. @throws Cancelled then */
  runUntil(stop: AbortSignal, sql: string): Promise<number>;
  rows(sql: string, values?: Parameters): Promise<readonly (readonly Value[])[]>;
  /** The first value of the first row as a number; 0 where it is none. */
  count(sql: string, values?: Parameters): Promise<number>;
  /** All of the work stands afterwards, or nothing of it. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Adds a row for each text to a table of one text column. */
  append(table: string, texts: Iterable<string>): Promise<void>;
  /** Removes the file too if this process has made it and nothing was committed. */
  close(): Promise<void>;
}

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

/**
 * A store on an open database.
 * @param called as messages name it
 * @param close gives everything back. @param isEmpty whether nothing was committed
 */
export function createStore(
  called: string,
  connection: DuckDB.DuckDBConnection,
  close: (isEmpty: boolean) => Promise<void>,
): Store {
  let committed = false;

  async function told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileFailure(error, called);
    }
  }
  const run: Store["run"] = (sql, values = []) =>
    told(async () => (await connection.run(sql, [...values])).rowsChanged);
  const rows: Store["rows"] = (sql, values = []) =>
    told(async () => (await connection.runAndReadAll(sql, [...values])).getRows());

  return {
    path: called,
    run,
    rows,
    async count(sql, values) {
      const [row] = await rows(sql, values);
      return Number(row?.[0] ?? 0);
    },
    async runUntil(stop, sql) {
      const interrupt = () => connection.interrupt();
      if (stop.aborted) throw new Cancelled("told to stop before a query");
      stop.addEventListener("abort", interrupt);
      try {
        return await run(sql);
      } catch (error) {
        throw stop.aborted ? new Cancelled("a query was interrupted") : error;
      } finally {
        stop.removeEventListener("abort", interrupt);
      }
    },
    async transaction(work) {
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
    append: (table, texts) =>
      told(async () => {
        const appender = await connection.createAppender(table);
        for (const text of texts) {
          appender.appendVarchar(text);
          appender.endRow();
        }
        appender.closeSync();
      }),
    close() {
      connection.closeSync();
      return told(() => close(!committed));
    },
  };
}
