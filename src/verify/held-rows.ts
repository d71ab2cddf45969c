import { quoteName, quoteText, type Store } from "../export/store.ts";
import type { Partition, StreamDefinition } from "../streams/stream.ts";
import type { OutputRecord, Span } from "../sync/page.ts";

/** Seconds between two sessions for a span to end between them: those beside the end are asked for with both spans. */
const QUIET_SECONDS = 3;

/** The rows of a partition that a store holds. */
export interface HeldRows {
  /** Rows that started in a span. */
  count(span: Span): Promise<number>;
  /**
   * A second, Unix s, at which to cut a span so that so many rows, more or less, lie before it, and none in that second
   * or the one before: whether `start` and `end` are inclusive then makes no difference. Undefined where there is none.
   */
  edge(span: Span, rows: number): Promise<number | undefined>;
  /** The keys of the rows that started in a span, with their starts (Unix ms). */
  starts(span: Span): Promise<ReadonlyMap<string, number>>;
  /** Those of some records that are held, wherever they started: their keys. */
  known(records: readonly OutputRecord[]): Promise<ReadonlySet<string>>;
  /** Unix s: when the first row of all started; undefined where there is none. */
  first(): Promise<number | undefined>;
  /** Some rows of a span whose sessions went on for longest, where that is known. */
  longest(span: Span, rows: number): Promise<ReadonlyMap<string, number>>;
}

/** @param columns names of those that the table has */
export function heldRows(
  store: Store,
  { name, cursorField, madeColumns, durationField }: StreamDefinition,
  partition: Partition,
  columns: readonly string[],
): HeldRows {
  const start = quoteName(cursorField);
  const key = quoteName(madeColumns.key);
  const own = Object.entries(partition).map(
    ([field, value]) => ` AND ${quoteName(field)} = ${quoteText(value)}`,
  );
  const from = (condition: string) => `FROM ${quoteName(name)} WHERE ${condition}${own.join("")}`;
  const within = (span: Span) => from(`${start} >= ${span.start * 1000} AND ${start} < ${span.end * 1000}`);
  const keyed = async (sql: string) =>
    new Map((await store.rows(`SELECT ${key}, ${start} ${sql}`)).map(([id, ms]) => [String(id), Number(ms)]));

  return {
    count: (span) => store.count(`SELECT count(*) ${within(span)}`),
    starts: (span) => keyed(within(span)),
    async edge(span, rows) {
      const sql = `
        WITH numbered AS (
          SELECT ${start} // 1000 AS second, lead(${start} // 1000) OVER sorted AS next, row_number() OVER sorted AS n
          ${within(span)} WINDOW sorted AS (ORDER BY ${start}))
        SELECT (second + next + 1) // 2 FROM numbered WHERE next - second >= ${QUIET_SECONDS}
        ORDER BY abs(n - ${rows}) LIMIT 1`;
      const [row] = await store.rows(sql);
      return row === undefined ? undefined : Number(row[0]);
    },
    async known(records) {
      if (records.length === 0) return new Set();
      const keys = records.map((record) => quoteText(record.key)).join(", ");
      return new Set((await keyed(from(`${key} IN (${keys})`))).keys());
    },
    async first() {
      const [row] = await store.rows(`SELECT min(${start}) // 1000 ${from("true")}`);
      return typeof row?.[0] === "bigint" ? Number(row[0]) : undefined;
    },
    longest(span, rows) {
      const byLength =
        durationField !== undefined && columns.includes(durationField)
          ? `ORDER BY ${quoteName(durationField)} DESC NULLS LAST`
          : "";
      return keyed(`${within(span)} ${byLength} LIMIT ${rows}`);
    },
  };
}
