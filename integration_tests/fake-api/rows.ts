import type { JsonRecord, JsonValue } from "./json.ts";
import { isRecord } from "./json.ts";
import type { Settings } from "./options.ts";
import { hash } from "./random.ts";

/** The documented ones of the selected fields; undefined where all are sent. */
function wantedFields(
  select: readonly string[] | undefined,
  fields: ReadonlySet<string>,
): readonly string[] | undefined {
  const known = select?.filter((field) => fields.has(field));
  return known === undefined || known.length === 0 ? undefined : known;
}

/** About a third of the sessions, always the same ones. */
function isAffected(id: number, seed: number, salt: number): boolean {
  return hash(seed, id, salt) % 3 === 0;
}

/** Makes what is sent of a session that is known by its hidden identity. */
export type RowForm = (row: JsonValue, id: number) => JsonValue;

/**
 * How rows are sent in answer to a request with this `options.select`; undefined where they are sent as they are.
 * @param documented fields
 */
export function rowForm(
  settings: Settings,
  select: readonly string[] | undefined,
  documented: ReadonlySet<string>,
): RowForm | undefined {
  const { extraFields, idField, seed } = settings;
  const wanted = settings.ignoreSelect === true ? undefined : wantedFields(select, documented);
  if (wanted === undefined && extraFields === undefined && idField === undefined) {
    return undefined;
  }
  return (row, id) => {
    if (!isRecord(row)) return row;
    const sent: Record<string, JsonValue | undefined> = {};
    const add = (fields: JsonRecord, names: Iterable<string>) => {
      for (const name of names) sent[name] = fields[name];
    };
    add(row, wanted ?? Object.keys(row));
    if (wanted === undefined && extraFields !== undefined && isAffected(id, seed, 131)) {
      add(extraFields, Object.keys(extraFields));
    }
    if (idField !== undefined) sent[idField] = id;
    return sent;
  };
}
