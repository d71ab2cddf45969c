import type { Fields, Row } from "../browsee/page.ts";
import { createRowLayout } from "../browsee/row-layout.ts";
import type { Converted, RowReader, Sighting } from "../sync/row-reader.ts";
import { type Columns, LASTING_FIELDS } from "./columns.ts";
import type { ColumnSchema, Convert } from "./convert-value.ts";
import { isTooDeep } from "./depth.ts";
import { type Field, sentFields } from "./field.ts";
import { createInstantWriter, toInstant } from "./instant.ts";
import { createPlainRecord } from "./plain-record.ts";
import { wholeIn } from "./plain-value.ts";
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
  const lastingPlaces = lasting.map((field) => fields.indexOf(field));
  const startPlace = fields.findIndex(({ name }) => name === "timestamp");
  const isPicked = ({ name }: Field) => columns.picked.has(name);
  const picked = fields.filter(isPicked);
  const instants = columns.picked.has("startedAt") ? createInstantWriter() : undefined;
  const withRest = columns.picked.has("additionalFields");

  return {
    layout: createRowLayout(fields),
    identify(row) {
      const key = row.plain && keys.ofPlain(row.plain, lastingPlaces);
      if (row.plain !== undefined && key !== undefined)
        return sighting(row, key, wholeIn(row.plain, startPlace));
      const values = lasting.map(({ name, convert }) => lastingValue(row.fields[name], convert));
      return sighting(row, keys(values), startOf(row.fields));
    },
    convert({ fields: row }, { key }, twin): Converted {
      const data: Record<string, unknown> = { sessionKey: keys.twin(key, twin), ...constants };
      const nulled: string[] = [];
      if (instants !== undefined) data["startedAt"] = toInstant(startOf(row));
      for (const { name, convert } of picked) data[name] = columnValue(row[name], convert, name, nulled);
      if (withRest) {
        const rest = additionalFields(row, documented, nulled);
        data["additionalFields"] = columnValue(rest, writable, "additionalFields", nulled);
      }
      return { data, nulled };
    },
    ...createPlainRecord({
      ...{ fields, isPicked, start: startPlace, keys, constants, instants },
      restOf: withRest ? restText : undefined,
    }),
  };
}

/** @param start Unix ms, as the API has it */
function sighting(row: Row, key: string, start: number | undefined): Sighting {
  return { key, at: start !== undefined && isPlausible(start) ? start : undefined, row };
}

function writable(value: unknown): unknown {
  return isTooDeep(value) ? undefined : value;
}

/** @param rest fields that are not documented @returns undefined where they can't be written as they are */
function restText(rest: Fields): string | undefined {
  const value = writable(rest);
  return value === undefined ? undefined : JSON.stringify(value);
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
