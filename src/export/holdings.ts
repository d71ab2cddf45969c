import type { StreamDefinition } from "../streams/stream.ts";
import type { Holdings } from "../terminal/summary.ts";
import { quoteName, type Store, type Value } from "./store.ts";

/** Days that a summary looks at. */
const DAYS = 14;
/** Unix ms: the end of the year 9999. Starts beyond it, or before 1970, belong to no day that is shown. */
const LAST_DAY_MS = 253402300799999;

/** What a stream's table holds. */
export async function holdingsOf(store: Store, { name, cursorField }: StreamDefinition): Promise<Holdings> {
  const start = quoteName(cursorField);
  const dated = `${start} BETWEEN 0 AND ${LAST_DAY_MS}`;
  const [row] = await store.rows(
    `SELECT count(*), min(${start}) FILTER (${dated}), max(${start}) FILTER (${dated}) FROM ${quoteName(name)}`,
  );
  const days = await store.rows(`
    SELECT strftime(make_timestamp(${start} * 1000), '%Y-%m-%d') AS day, count(*)
    FROM ${quoteName(name)} WHERE ${dated}
    GROUP BY day ORDER BY day DESC LIMIT ${DAYS}`);
  return {
    sessions: numberIn(row?.[0]) ?? 0,
    first: numberIn(row?.[1]),
    last: numberIn(row?.[2]),
    days: new Map(days.toReversed().map(([day, count]) => [String(day), Number(count)])),
  };
}

function numberIn(value: Value | undefined): number | undefined {
  return typeof value === "bigint" ? Number(value) : undefined;
}
