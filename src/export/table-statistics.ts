import type { StreamDefinition } from "../streams/stream.ts";
import type { TableStatistics } from "../terminal/summary.ts";
import { quoteName, type Store } from "./store.ts";

/** Bars of a chart, at the most: the last days, or the largest partitions. */
const MOST_BARS = 14;
/** Unix ms: the end of the year 9999. Starts beyond it, or before 1970, belong to no day that is shown. */
const LAST_DAY_MS = 253402300799999;

/** What a stream's table holds. */
export async function statisticsOf(store: Store, definition: StreamDefinition): Promise<TableStatistics> {
  const start = quoteName(definition.cursorField);
  const dated = `${start} BETWEEN 0 AND ${LAST_DAY_MS}`;
  const [[rows, first, last] = []] = await store.run(
    `SELECT count(*), min(${start}) FILTER (${dated}), max(${start}) FILTER (${dated}) FROM ${quoteName(definition.name)}`,
  );
  return {
    rows: Number(rows),
    first: typeof first === "bigint" ? Number(first) : undefined,
    last: typeof last === "bigint" ? Number(last) : undefined,
    chart: await chartOf(store, definition, dated),
  };
}

/** By day; of a stream in partitions by these, since one record may be in several of them. */
async function chartOf(
  store: Store,
  { name, noun, cursorField, partitionedBy }: StreamDefinition,
  dated: string,
): Promise<TableStatistics["chart"]> {
  const many = noun.many.charAt(0).toUpperCase() + noun.many.slice(1);
  if (partitionedBy !== undefined) {
    const bars = await store.run(`
      SELECT ${quoteName(partitionedBy.field)}, count(*) AS number FROM ${quoteName(name)}
      GROUP BY ALL ORDER BY number DESC LIMIT ${MOST_BARS}`);
    return { title: `${many} by ${partitionedBy.field}`, bars: barsIn(bars) };
  }
  const bars = await store.run(`
    SELECT strftime(make_timestamp(${quoteName(cursorField)} * 1000), '%Y-%m-%d') AS day, count(*)
    FROM ${quoteName(name)} WHERE ${dated}
    GROUP BY day ORDER BY day DESC LIMIT ${MOST_BARS}`);
  return { title: `${many} a day`, bars: barsIn(bars.toReversed()) };
}

function barsIn(rows: readonly (readonly unknown[])[]): ReadonlyMap<string, number> {
  return new Map(rows.map(([label, count]) => [String(label), Number(count)]));
}
