import type * as DuckDB from "@duckdb/node-api";
import { Cancelled } from "../errors.ts";
import { fileTrouble } from "./file-trouble.ts";

/** Enough for what is committed at a time; more would only be filled with pages of the file. */
const USUAL_MIB = 64;
/** For recovery after a cut-off, and for sessions of any size. */
export const MOST_MIB = 1024;

/** A value of a result: 64-bit integers are bigint. */
export type Value = DuckDB.DuckDBValue;

/** A number of any size in a result; undefined for what is none. */
export function numberOf(value: Value | undefined): number | undefined {
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : undefined;
}

/** An open DuckDB database. Calls come one after another. */
export interface Database {
  /** @returns how many rows it has changed @throws ConnectorError, or an error of DuckDB */
  run(sql: string, values?: readonly (string | number | null)[]): Promise<number>;
  /** Runs something long; given up when `stop` is aborted. @throws Cancelled then */
  runUntil(stop: AbortSignal, sql: string): Promise<void>;
  rows(sql: string, values?: readonly (string | number | null)[]): Promise<readonly (readonly Value[])[]>;
  /** Does some work in one transaction: all of it stands afterwards, or nothing. It may be done more than once. */
  transaction<T>(work: () => Promise<T>): Promise<T>;
  /** Adds a row for each item to a table of one column of the type BLOB. @param bytesOf an item's, needed for a moment */
  append<T>(table: string, items: readonly T[], bytesOf: (item: T) => Uint8Array): Promise<void>;
  /** Allows for work that takes so much memory besides the usual; what was allowed once, stays. @param bytes of it */
  allow(bytes: number): Promise<void>;
  close(): void;
}

/**
 * A database that was opened.
 * @param called path that messages name
 */
export function createDatabase(
  instance: DuckDB.DuckDBInstance,
  connection: DuckDB.DuckDBConnection,
  called: string,
): Database {
  let limit = 0;
  let inTransaction = false;

  async function setLimit(mib: number): Promise<void> {
    limit = mib;
    await connection.run(`SET memory_limit = '${mib}MiB'`);
  }

  /** What memory was too small for is done again with more, but for the steps of a transaction: that is done as a whole. */
  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (inTransaction || limit >= MOST_MIB || !isOutOfMemory(error)) throw fileTrouble(error, called);
      await setLimit(Math.min(MOST_MIB, limit * 4));
      return patiently(work);
    }
  }

  const run: Database["run"] = (sql, values = []) =>
    patiently(async () => (await connection.run(sql, [...values])).rowsChanged);

  return {
    run,
    rows: (sql, values = []) =>
      patiently(async () => (await connection.runAndReadAll(sql, [...values])).getRows()),
    async runUntil(stop, sql) {
      const interrupt = () => connection.interrupt();
      if (stop.aborted) throw new Cancelled("told to stop before a query");
      stop.addEventListener("abort", interrupt);
      try {
        await run(sql);
      } catch (error) {
        throw stop.aborted ? new Cancelled("a query was interrupted") : error;
      } finally {
        stop.removeEventListener("abort", interrupt);
      }
    },
    transaction: (work) =>
      patiently(async () => {
        inTransaction = true;
        try {
          await connection.run("BEGIN");
          const result = await work();
          await connection.run("COMMIT");
          return result;
        } catch (error) {
          // Where the failure has ended the transaction already, there is nothing left to roll back.
          await connection.run("ROLLBACK").catch(() => undefined);
          throw error;
        } finally {
          inTransaction = false;
        }
      }),
    append: (table, items, bytesOf) =>
      patiently(async () => {
        const appender = await connection.createAppender(table);
        for (const item of items) {
          appender.appendBlob(bytesOf(item));
          appender.endRow();
        }
        appender.closeSync();
      }),
    async allow(bytes) {
      const wanted = Math.min(MOST_MIB, USUAL_MIB + Math.ceil(bytes / 2 ** 20));
      if (wanted > limit) await setLimit(wanted);
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && /out of memory|failed to (pin|allocate)/i.test(error.message);
}
