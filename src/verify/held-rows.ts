import { quoteName, quoteText, type Store } from "../export/store.ts";
import type { Partition, StreamDefinition } from "../streams/stream.ts";
import type { OutputRecord, Span } from "../sync/page.ts";

/** Seconds between two sessions for a span to end between them: those beside the end are asked for with both spans. */
const QUIET_SECONDS = 3;

/** The rows of a partition that a store holds. */
export type HeldRows = ReturnType<typeof heldRows>;

/** @param columns names of those that the table has */
export function heldRows(
  store: Store,
  { name, cursorField, madeColumns, durationField }: StreamDefinition,
  partition: Partition,
  columns: readonly string[],
) {
  const start = quoteName(cursorField);
  const key = quoteName(madeColumns.key);
  const own = Object.entries(partition).map(
    ([field, value]) => ` AND ${quoteName(field)} = ${quoteText(value)}`,
  );
  const from = (condition: string) => `FROM ${quoteName(name)} WHERE ${condition}${own.join("")}`;
  const isOneOf = (keys: readonly string[]) =>
    `${key} IN (SELECT unnest(from_json(${quoteText(JSON.stringify(keys))}, '["VARCHAR"]')))`;
  const within = (span: Span) => from(`${start} >= ${span.start * 1000} AND ${start} < ${span.end * 1000}`);

  let counted = "*";

  async function keyed(sql: string): Promise<ReadonlyMap<string, number>> {
    const rows = await store.run(`SELECT ${key}, ${start} ${sql}`);
    return new Map(rows.map(([id, ms]) => [String(id), Number(ms)]));
  }

  async function second(sql: string): Promise<number | undefined> {
    const [row] = await store.run(sql);
    return typeof row?.[0] === "bigint" ? Number(row[0]) : undefined;
  }

  return {
    /** Rows that started in a span. */
    count: (span: Span) => store.count(`SELECT count(${counted}) ${within(span)}`),
    /** Rows of a span that have the key of another one: once there are any, each key counts once. */
    async doubled(span: Span): Promise<number> {
      const rows = await store.count(`SELECT count(*) - count(DISTINCT ${key}) ${within(span)}`);
      // It takes fifty times as long as counting rows.
      if (rows > 0) counted = `DISTINCT ${key}`;
      return rows;
    },
    /** The keys of the rows that started in a span, with their starts (Unix ms). */
    starts: (span: Span) => keyed(within(span)),
    /**
     * A second, Unix s, behind about so many rows of a span, in which and before which nothing starts: whether `start`
     * and `end` are inclusive makes no difference there. Undefined where there is none.
     */
    quietSecond: (span: Span, rows: number) =>
      second(`
        WITH seconds AS (
          SELECT ${start} // 1000 AS second ${within(span)} UNION ALL VALUES (${span.start}), (${span.end})),
        numbered AS (
          SELECT second, lead(second) OVER sorted AS next, row_number() OVER sorted - 1 AS n
          FROM seconds WINDOW sorted AS (ORDER BY second))
        SELECT if(n = 0, next - 1, second + 2) FROM numbered WHERE next - second >= ${QUIET_SECONDS}
        ORDER BY abs(n - ${rows}) LIMIT 1`),
    /** Those of some records that are held, wherever they started: their keys. */
    async known(records: readonly OutputRecord[]): Promise<ReadonlySet<string>> {
      if (records.length === 0) return new Set();
      const keys = records.map((record) => record.key);
      return new Set((await keyed(from(isOneOf(keys)))).keys());
    },
    /** Deletes rows by their keys. @returns how many */
    remove: (keys: readonly string[]) => store.count(`DELETE ${from(isOneOf(keys))}`),
    /** Unix s: when the first row of all started; undefined where there is none. */
    first: () => second(`SELECT min(${start}) // 1000 ${from("true")}`),
    /** Some rows of a span whose sessions went on for longest, where that is known. */
    longest(span: Span, rows: number) {
      const byLength =
        durationField !== undefined && columns.includes(durationField)
          ? `ORDER BY ${quoteName(durationField)} DESC NULLS LAST`
          : "";
      return keyed(`${within(span)} ${byLength} LIMIT ${rows}`);
    },
  };
}
