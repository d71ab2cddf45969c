import type { ExportedStream } from "./exported-stream.ts";
import { quoteName, quoteText } from "./sql-text.ts";

/** Where in time the incoming sessions lie, Unix ms, both inclusive; none of them may have a start that is unknown. */
export interface MergeSpan {
  readonly from: number;
  readonly to: number;
}

/**
 * The statement that brings sessions into a table: new ones are inserted, changed ones updated, all others left alone.
 * It gives a row for each, with what was done to it.
 * @param incoming table of one column `json`, a session a row, each key once
 * @param span lets DuckDB pass over the rest of a large table, since the same key means the same start; undefined
 * where some start is unknown
 */
export function mergeSql(
  table: string,
  incoming: string,
  stream: ExportedStream,
  span: MergeSpan | undefined,
): string {
  const names = stream.columns.map(({ name }) => quoteName(name));
  const of = (side: string) => names.map((name) => `${side}.${name}`).join(", ");
  const types = JSON.stringify(Object.fromEntries(stream.columns.map(({ name, type }) => [name, type])));
  const sameKey = stream.primaryKey.map((name) => `old.${quoteName(name)} = new.${quoteName(name)}`);
  const start = `old.${quoteName(stream.cursorField)}`;
  const within = span === undefined ? [] : [`${start} >= ${span.from}`, `${start} <= ${span.to}`];
  const sets = names.map((name) => `${name} = new.${name}`);
  return `
    MERGE INTO ${quoteName(table)} AS old
    USING (SELECT row.* FROM (SELECT from_json(json, ${quoteText(types)}) AS row FROM ${quoteName(incoming)})) AS new
    ON ${[...sameKey, ...within].join(" AND ")}
    WHEN MATCHED AND (${of("old")}) IS DISTINCT FROM (${of("new")}) THEN UPDATE SET ${sets.join(", ")}
    WHEN NOT MATCHED THEN INSERT (${names.join(", ")}) VALUES (${of("new")})
    RETURNING merge_action`;
}
