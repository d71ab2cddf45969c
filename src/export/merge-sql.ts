import type { ExportedStream } from "./exported-stream.ts";
import { quoteName, quoteText } from "./sql-text.ts";

/**
 * The statement that brings sessions into a table: new ones are inserted, changed ones updated, all others left alone.
 * It gives what it did, a row of merge_action and count.
 * @param incoming table of one column `json`, a session a row, each key once
 */
export function mergeSql(table: string, incoming: string, stream: ExportedStream): string {
  const names = stream.columns.map(({ name }) => quoteName(name));
  const of = (side: string) => names.map((name) => `${side}.${name}`).join(", ");
  const types = JSON.stringify(Object.fromEntries(stream.columns.map(({ name, type }) => [name, type])));
  const sameKey = stream.primaryKey.map((name) => `old.${quoteName(name)} = new.${quoteName(name)}`);
  const sets = names.map((name) => `${name} = new.${name}`);
  return `
    MERGE INTO ${quoteName(table)} AS old
    USING (SELECT row.* FROM (SELECT from_json(json, ${quoteText(types)}) AS row FROM ${quoteName(incoming)})) AS new
    ON ${sameKey.join(" AND ")}
    WHEN MATCHED AND (${of("old")}) IS DISTINCT FROM (${of("new")}) THEN UPDATE SET ${sets.join(", ")}
    WHEN NOT MATCHED THEN INSERT (${names.join(", ")}) VALUES (${of("new")})
    RETURNING merge_action`;
}
