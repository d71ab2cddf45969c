import { isRecord, type JsonValue } from "./fake-api/json.ts";
import { SESSION_FIELDS } from "./fake-api/session.ts";

/** The columns of `sessions` that are made from nothing but the row: all but `sessionKey`. */
export const ROW_COLUMNS = [...SESSION_FIELDS, "startedAt", "additionalFields"] as const;

/**
 * What must stand in the record of a row whose values all have their declared types, except for its key.
 * @param row as the API sends it: documented fields only, with a timestamp in ms
 */
export function expectedRecord(row: JsonValue): Readonly<Record<string, unknown>> {
  if (!isRecord(row)) throw new Error(`not a session: ${JSON.stringify(row)}`);
  const fields = SESSION_FIELDS.map((name) => [name, row[name] ?? null]);
  const startedAt = new Date(Number(row["timestamp"])).toISOString();
  return { ...Object.fromEntries(fields), startedAt, additionalFields: null };
}

/** A record's data without its key, for comparing. */
export function withoutKey(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { sessionKey: _key, ...rest } = data;
  return rest;
}
