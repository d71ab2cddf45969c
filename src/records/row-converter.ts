import { hash } from "node:crypto";
import type { Fields } from "../browsee/response.ts";
import { isTooDeep, toJsonText } from "../json.ts";
import type { KeyedRow, OutputRecord } from "../sync/page.ts";
import { type ColumnSchema, type Convert, converterFor } from "./convert-value.ts";
import type { KeyMaker, KeyValue } from "./session-key.ts";
import { isPlausible, startOf, toInstant } from "./start.ts";

/** Beyond so many levels a value counts as none: keys of release 0.1.0 hold to it. */
const MOST_KEY_LEVELS = 500;

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
export interface RowConverterParts extends RecordShape {
  /** Columns that the record holds. */
  readonly picked: ReadonlySet<string>;
  readonly keys: KeyMaker;
  /** Columns that are the same for each record of the partition, e.g. segmentId. */
  readonly constants: Readonly<Record<string, unknown>>;
}

/** Turns rows as the API sent them into records. */
export interface RowConverter {
  /** Start of a row, Unix ms; undefined where it can't be read. */
  startOf(row: Fields): number | undefined;
  convert(row: Fields): KeyedRow;
  /** The record of a row. @param number of the row among those with the same key, from 0 */
  record(row: KeyedRow, number: number): OutputRecord;
}

interface Column {
  readonly name: string;
  readonly convert: Convert;
}

/** @throws Error for a column of a type that no stream has needed so far */
export function createRowConverter(parts: RowConverterParts): RowConverter {
  const { schema, madeColumns, keyFields, rankFields, cursorField, picked, keys, constants } = parts;
  const made = new Set([...Object.values(madeColumns), ...Object.keys(constants)]);
  const columns = Object.entries(schema.properties)
    .filter(([name]) => !made.has(name))
    .map(([name, column]): Column => ({ name, convert: converterFor(column) }));
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
  const sentStart = (row: Fields) => startOf(row[cursorField]);
  const plausibleStart = (row: Fields) => {
    const ms = sentStart(row);
    return ms !== undefined && isPlausible(ms) ? ms : undefined;
  };

  return {
    startOf: plausibleStart,
    convert(row) {
      const key = keys.of(keyColumns.map(({ name, convert }) => keyValue(row[name], convert)));
      const nulled: string[] = [];
      const data = { ...blank, [madeColumns.key]: key };
      if (picked.has(madeColumns.start)) data[madeColumns.start] = toInstant(sentStart(row));
      for (const { name, convert } of pickedColumns)
        data[name] = columnValue(row[name], convert, name, nulled);
      if (picked.has(madeColumns.rest)) {
        const rest = additionalFields(row, documented, nulled);
        data[madeColumns.rest] = columnValue(rest, writable, madeColumns.rest, nulled);
      }
      const json = toJsonText(data);
      const rank = hashOf(JSON.stringify(rankFields.map((name) => rankValue(row[name]))));
      return { key, start: plausibleStart(row), json, nulled, hash: hashOf(json), rank };
    },
    record(row, number) {
      if (number === 0) return row;
      const { key, start, json, nulled } = row;
      const numbered = keys.numbered(key, number);
      return {
        key: numbered,
        start,
        json: JSON.stringify({ ...JSON.parse(json), [madeColumns.key]: numbered }),
        nulled,
      };
    },
  };
}

/** As a literal would be: what grows by a property at a time is kept as a table, which takes kilobytes a record. */
function parsedAgain(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value));
}

/** 32 bits. */
function hashOf(text: string): number {
  return hash("sha256", text, "buffer").readUInt32LE(0);
}

/** A value, or the first of a list: the page that a visit began with stays, others follow. */
function rankValue(value: unknown): unknown {
  return writable(Array.isArray(value) ? value[0] : value);
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
function keyValue(value: unknown, convert: Convert): KeyValue {
  if (value === undefined || value === null) return null;
  const converted = convert(value);
  if (isScalar(converted)) return converted;
  return isTooDeep(value, MOST_KEY_LEVELS) ? null : JSON.stringify(value);
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
