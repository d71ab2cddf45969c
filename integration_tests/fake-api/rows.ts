import type { JsonRecord, JsonValue } from "./json.ts";
import { isRecord } from "./json.ts";
import type { Settings } from "./options.ts";
import { hash } from "./random.ts";
import { SESSION_FIELDS } from "./session.ts";

const FIELDS: ReadonlySet<string> = new Set(SESSION_FIELDS);

/** The documented ones of the selected fields; undefined where all are sent. */
function wantedFields(select: readonly string[] | undefined): readonly string[] | undefined {
  const known = select?.filter((field) => FIELDS.has(field));
  return known === undefined || known.length === 0 ? undefined : known;
}

/** About a third of the sessions, always the same ones. */
function isAffected(id: number, seed: number, salt: number): boolean {
  return hash(seed, id, salt) % 3 === 0;
}

/** Makes what is sent of a session that is known by its hidden identity. */
export type RowForm = (row: JsonValue, id: number) => JsonValue;

/** How rows are sent in answer to a request with this `options.select`; undefined where they are sent as they are. */
export function rowForm(settings: Settings, select: readonly string[] | undefined): RowForm | undefined {
  const { extraFields, idField, seed } = settings;
  const wanted = settings.ignoreSelect === true ? undefined : wantedFields(select);
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
