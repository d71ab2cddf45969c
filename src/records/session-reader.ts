import type { Fields } from "../browsee/page.ts";
import type { Converted, RowReader } from "../sync/row-reader.ts";
import { type Columns, LASTING_FIELDS } from "./columns.ts";
import type { ColumnSchema, Convert } from "./convert-value.ts";
import { isTooDeep } from "./depth.ts";
import { sentFields } from "./field.ts";
import { toInstant } from "./instant.ts";
import type { KeyMaker, LastingValue } from "./session-key.ts";
import { isPlausible, startOf } from "./start.ts";

/** What a stream of sessions is read with. */
export interface SessionReaderParts {
  readonly properties: Readonly<Record<string, ColumnSchema>>;
  readonly columns: Columns;
  readonly keys: KeyMaker;
  /** Columns that are the same for each record of this set, e.g. segmentId. */
  readonly constants: Readonly<Record<string, unknown>>;
}

/** Understands the rows of a session export. */
export function createSessionReader({ properties, columns, keys, constants }: SessionReaderParts): RowReader {
  const fields = sentFields(properties);
  const documented = new Set(fields.map(({ name }) => name));
  const lasting = LASTING_FIELDS.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const picked = fields.filter(({ name }) => columns.picked.has(name));
  const withInstant = columns.picked.has("startedAt");
  const withRest = columns.picked.has("additionalFields");

  return {
    identify(row) {
      const values = lasting.map(({ name, convert }) => lastingValue(row[name], convert));
      const start = startOf(row);
      const at = start !== undefined && isPlausible(start) ? start : undefined;
      return { key: keys(values), at, row };
    },
    convert(row, { key }, twin): Converted {
      const data: Record<string, unknown> = { sessionKey: keys.twin(key, twin), ...constants };
      const nulled: string[] = [];
      if (withInstant) data["startedAt"] = toInstant(startOf(row));
      for (const { name, convert } of picked) data[name] = columnValue(row[name], convert, name, nulled);
      if (withRest) {
        const rest = additionalFields(row, documented, nulled);
        data["additionalFields"] = columnValue(rest, writable, "additionalFields", nulled);
      }
      return { data, nulled };
    },
  };
}

function writable(value: unknown): unknown {
  return isTooDeep(value) ? undefined : value;
}

function columnValue(value: unknown, convert: Convert, name: string, nulled: string[]): unknown {
  if (value === undefined || value === null) return null;
  const converted = convert(value);
  if (converted !== undefined) return converted;
  nulled.push(name);
  return null;
}

/** As the column shows it, or as it came where it can't be converted: either way the same at every read. */
function lastingValue(value: unknown, convert: Convert): LastingValue {
  if (value === undefined || value === null) return null;
  const converted = convert(value);
  if (isScalar(converted)) return converted;
  return isTooDeep(value) ? null : JSON.stringify(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function additionalFields(
  row: Fields,
  documented: ReadonlySet<string>,
  nulled: readonly string[],
): object | null {
  let rest: Record<string, unknown> | null = null;
  for (const name of Object.keys(row)) {
    if (documented.has(name) && !nulled.includes(name)) continue;
    // Without a prototype, so that a field named __proto__ is a field like any other.
    rest ??= bareObject();
    rest[name] = row[name];
  }
  return rest;
}

function bareObject(): Record<string, unknown> {
  return Object.create(null);
}
