import { hash } from "node:crypto";
import type { Fields } from "../browsee/response.ts";
import { isTooDeep, toJsonText } from "../json.ts";
import type { KeyedRow, OutputRecord } from "../sync/page.ts";
import { type ColumnSchema, type Convert, converterFor, toInteger } from "./convert-value.ts";
import type { KeyMaker, KeyValue } from "./session-key.ts";

/** Beyond so many levels a value counts as none: keys of release 0.1.0 hold to it. */
const MOST_KEY_LEVELS = 500;
/** Nothing was recorded before the web was. */
const FIRST_START = Date.UTC(1990, 0, 1);
const LAST_START = Date.UTC(2100, 0, 1);
/** Years that every destination can store. Date.UTC would take year 1 for 1901. */
const FIRST_YEAR = Date.parse("0001-01-01T00:00:00Z");
const LAST_YEAR = Date.UTC(10_000, 0, 1) - 1;

/** How the rows of a stream become records. A column bears the name of the API's field. */
export interface RecordShape<Column extends string = string> {
  readonly schema: { readonly properties: Readonly<Record<string, ColumnSchema>> };
  /** Always Unix ms of the row's start. */
  readonly cursorField: Column;
  /** Fields that never change after a row came to be. */
  readonly keyFields: readonly Column[];
  /** Fields that tell rows with the same key apart, those that change least. */
  readonly rankFields: readonly Column[];
  /** Columns that are made here, not sent by the API, */
  readonly madeColumns: {
    /** of the key fields, since the API gives no id; part of the primary key, */
    readonly key: Column;
    /** of the cursor field, as an ISO 8601 instant, */
    readonly start: Column;
    /** and of whatever has no column of its own. */
    readonly rest: Column;
  };
}

/** What the rows of one partition are converted with. */
interface RowConverterParts extends RecordShape {
  /** Columns that the record holds. */
  readonly picked: ReadonlySet<string>;
  readonly keys: KeyMaker;
  /** Columns that are the same for each record of the partition, e.g. segmentId. */
  readonly constants: Readonly<Record<string, unknown>>;
}

/** Turns rows as the API sent them into records. @throws Error for a column of a type that no stream has needed so far */
export function createRowConverter(parts: RowConverterParts) {
  const { schema, madeColumns, keyFields, rankFields, cursorField, picked, keys, constants } = parts;
  const made = new Set([...Object.values(madeColumns), ...Object.keys(constants)]);
  const columns = Object.entries(schema.properties)
    .filter(([name]) => !made.has(name))
    .map(([name, column]) => ({ name, convert: converterFor(column) }));
  const documented = new Set(columns.map(({ name }) => name));
  const find = (name: string) => columns.find((column) => column.name === name) ?? [];
  const keyColumns = keyFields.flatMap(find);
  const pickedColumns = columns.filter(({ name }) => picked.has(name));
  const madeHere = (name: string) => (picked.has(name) ? { [name]: null } : {});
  const blank = parsedAgain({
    ...{ [madeColumns.key]: null, ...constants },
    ...madeHere(madeColumns.start),
    ...Object.fromEntries(pickedColumns.map(({ name }) => [name, null])),
    ...madeHere(madeColumns.rest),
  });

  /**
   * Start of a row, Unix ms; undefined where it can't be read, or can't be what the API searches by: one of the year 1970
   * (seconds taken for ms), or 9999, lies in no span that is asked for. Such a session has to be taken where it is met.
   */
  function startOf(row: Fields): number | undefined {
    const ms = toInteger(row[cursorField]);
    return ms !== undefined && ms >= FIRST_START && ms < LAST_START ? ms : undefined;
  }

  return {
    startOf,
    convert(row: Fields): KeyedRow {
      const key = keys.of(keyColumns.map(({ name, convert }) => keyValue(row[name], convert)));
      const nulled: string[] = [];
      const data = { ...blank, [madeColumns.key]: key };
      if (picked.has(madeColumns.start)) data[madeColumns.start] = toInstant(toInteger(row[cursorField]));
      for (const { name, convert } of pickedColumns)
        data[name] = columnValue(row[name], convert, name, nulled);
      if (picked.has(madeColumns.rest)) {
        const others = Object.keys(row).filter((name) => !documented.has(name) || nulled.includes(name));
        const written = others.filter((name) => !isTooDeep([row[name]]));
        if (written.length < others.length) nulled.push(madeColumns.rest);
        data[madeColumns.rest] = written.length === 0 ? null : fieldsOf(row, written);
      }
      const json = toJsonText(data);
      const rank = hashOf(JSON.stringify(rankFields.map((name) => rankValue(row[name]))));
      return { key, start: startOf(row), json, nulled, hash: hashOf(json), rank };
    },
    /** The record of a row. @param number of the row among those with the same key, from 0 */
    record(row: KeyedRow, number: number): OutputRecord {
      if (number === 0) return row;
      const { start, nulled } = row;
      const key = keys.numbered(row.key, number);
      const json = JSON.stringify({ ...JSON.parse(row.json), [madeColumns.key]: key });
      return { key, start, json, nulled };
    },
  };
}

/** As a literal would be: what grows by a property at a time is kept as a table, which takes kilobytes a record. */
function parsedAgain(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value));
}

/** Unix ms as an ISO 8601 instant in UTC, e.g. 2024-01-31T23:59:59.123Z; null outside the years 1 to 9999. */
function toInstant(at: number | undefined): string | null {
  return at === undefined || at < FIRST_YEAR || at > LAST_YEAR ? null : new Date(at).toISOString();
}

/** 32 bits: the first four bytes, the lowest first. As a text: to make a Buffer takes longer than to hash a row. */
function hashOf(text: string): number {
  const bytes = hash("sha256", text, "binary");
  const byte = (at: number) => bytes.charCodeAt(at) << (8 * at);
  return (byte(0) | byte(1) | byte(2) | byte(3)) >>> 0;
}

/** A value, or the first of a list: the page that a visit began with stays, others follow. */
function rankValue(value: unknown): unknown {
  const first = Array.isArray(value) ? value[0] : value;
  return isTooDeep(first) ? undefined : first;
}

function columnValue(value: unknown, convert: Convert, name: string, nulled: string[]): unknown {
  if (value === undefined || value === null) return null;
  const converted = convert(value);
  if (converted !== undefined) return converted;
  nulled.push(name);
  return null;
}

/** As the column shows it, or as it came where it can't be converted: either way the same at every read. */
function keyValue(value: unknown, convert: Convert): KeyValue {
  if (value === undefined || value === null) return null;
  const converted = convert(value);
  if (isScalar(converted)) return converted;
  return isTooDeep(value, MOST_KEY_LEVELS) ? null : JSON.stringify(value);
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function fieldsOf(row: Fields, names: readonly string[]): object {
  // Without a prototype, so that a field named __proto__ is a field like any other.
  const fields: Record<string, unknown> = Object.create(null);
  for (const name of names) fields[name] = row[name];
  return fields;
}
