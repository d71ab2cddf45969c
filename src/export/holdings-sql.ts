import { type Database, numberOf } from "./database.ts";
import { LAST_DAY_MS } from "./quantities.ts";
import type { Holdings } from "./sink.ts";
import { quoteName } from "./sql-text.ts";

/** Days that are looked at. */
const DAYS = 14;

/**
 * What a relation holds.
 * @param from relation in SQL, e.g. a quoted table name
 * @param cursorField column with Unix ms
 */
export async function holdingsOf(db: Database, from: string, cursorField: string): Promise<Holdings> {
  const start = quoteName(cursorField);
  const dated = `${start} BETWEEN 0 AND ${LAST_DAY_MS}`;
  const [row] = await db.rows(
    `SELECT count(*), min(${start}) FILTER (${dated}), max(${start}) FILTER (${dated}) FROM ${from}`,
  );
  const days = await db.rows(`
    SELECT strftime(make_timestamp(${start} * 1000), '%Y-%m-%d') AS day, count(*)
    FROM ${from} WHERE ${dated}
    GROUP BY day ORDER BY day DESC LIMIT ${DAYS}`);
  return {
    sessions: numberOf(row?.[0]) ?? 0,
    first: numberOf(row?.[1]),
    last: numberOf(row?.[2]),
    days: new Map(days.toReversed().map(([day, count]) => [String(day), Number(count)])),
  };
}
