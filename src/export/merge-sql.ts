import type { ExportedStream } from "./exported-stream.ts";
import { LAST_DAY_MS } from "./quantities.ts";
import { quoteName, quoteText } from "./sql-text.ts";

/** Where in time sessions lie, Unix ms, both inclusive; none of them may have a start that is unknown. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** The statements that bring sessions from a table of the same columns, where each key stands once, into another. */
export interface MergeSql {
  /** How many rows the table has where the incoming ones lie in time: none of them is known if there is none. */
  readonly near: string;
  /** How many rows have the key of an incoming one. */
  readonly known: string;
  /** Puts all incoming sessions into the table; for where none is known. */
  readonly insertAll: string;
  /** Brings known sessions to what they have become; those that have not changed are left alone. */
  readonly update: string;
  /** Puts those into the table that are not known. */
  readonly insertNew: string;
}

/** The statement that reads sessions as JSON, one a row of a column `json`, into a table of the stream's columns. */
export function parseSql(from: string, to: string, { columns }: ExportedStream): string {
  const types = JSON.stringify(Object.fromEntries(columns.map(({ name, type }) => [name, type])));
  const rows = `SELECT from_json(decode(json), ${quoteText(types)}) AS row FROM ${quoteName(from)}`;
  return `INSERT INTO ${quoteName(to)} SELECT row.* FROM (${rows})`;
}

/**
 * The statement that tells of a table's sessions how many they are, how many different keys and known starts they
 * have, and the least and the greatest of all starts, then of those that are dates.
 */
export function lookSql(table: string, { primaryKey, cursorField }: ExportedStream): string {
  const start = quoteName(cursorField);
  const dated = `FILTER (${start} BETWEEN 0 AND ${LAST_DAY_MS})`;
  return `
    SELECT count(*), count(DISTINCT (${list(primaryKey)})), count(${start}),
      min(${start}), max(${start}), min(${start}) ${dated}, max(${start}) ${dated}
    FROM ${quoteName(table)}`;
}

/** The statement that leaves of each session what came last. */
export function lastWordsSql(table: string, { primaryKey }: ExportedStream): string {
  const last = `SELECT max(rowid) FROM ${quoteName(table)} GROUP BY ${list(primaryKey)}`;
  return `DELETE FROM ${quoteName(table)} WHERE rowid NOT IN (${last})`;
}

/**
 * Statements that merge by the primary key.
 * @param span lets DuckDB pass over the rest of a large table, since the same key means the same start; undefined
 * where some start is unknown
 */
export function mergeSql(
  table: string,
  incoming: string,
  { columns, primaryKey, cursorField }: ExportedStream,
  span: TimeSpan | undefined,
): MergeSql {
  const [into, from] = [`${quoteName(table)} AS old`, `${quoteName(incoming)} AS new`];
  const names = columns.map(({ name }) => quoteName(name));
  const of = (side: string) => names.map((name) => `${side}.${name}`).join(", ");
  const sameKey = primaryKey.map((name) => `old.${quoteName(name)} = new.${quoteName(name)}`);
  const start = `old.${quoteName(cursorField)}`;
  const within = span === undefined ? [] : [`${start} >= ${span.from}`, `${start} <= ${span.to}`];
  const match = [...sameKey, ...within].join(" AND ");
  const sets = names.map((name) => `${name} = new.${name}`).join(", ");
  const insertAll = `INSERT INTO ${quoteName(table)} (${names.join(", ")}) SELECT ${of("new")} FROM ${from}`;
  return {
    near: `SELECT count(*) FROM ${into}${within.length === 0 ? "" : ` WHERE ${within.join(" AND ")}`}`,
    known: `SELECT count(*) FROM ${into} WHERE EXISTS (SELECT 1 FROM ${from} WHERE ${match})`,
    insertAll,
    update: `UPDATE ${into} SET ${sets} FROM ${from} WHERE ${match} AND (${of("old")}) IS DISTINCT FROM (${of("new")})`,
    insertNew: `${insertAll} WHERE NOT EXISTS (SELECT 1 FROM ${into} WHERE ${match})`,
  };
}

function list(names: readonly string[]): string {
  return names.map(quoteName).join(", ");
}
