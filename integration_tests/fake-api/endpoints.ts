import { streams } from "../../src/generated/stream-list.ts";
import { madeColumnsOf, type StreamColumn, type StreamDefinition } from "../../src/streams/stream.ts";
import { generateSession } from "./generate.ts";
import type { JsonRecord, JsonValue } from "./json.ts";
import { below, chance, hash } from "./random.ts";
import { SESSION_FIELDS } from "./session.ts";

/** The path that sessions are exported from. */
export const EXPORT_PATH = "/api/v1/export/sessions";

/** What the API serves at one path. */
export interface Endpoint {
  /** The fields that it documents. */
  readonly fields: ReadonlySet<string>;
  /** Row `index` of a set: the same arguments always give the same one. @param timestamp its start, Unix ms */
  readonly generate: (seed: number, index: number, timestamp: number, pool: number) => JsonRecord;
}

/** By path: sessions as the API documents them, and whatever else a file of src/streams/ declares. */
export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ...streams.map((stream: StreamDefinition) => [stream.path, declared(stream)] as const),
  [EXPORT_PATH, { fields: new Set(SESSION_FIELDS), generate: generateSession }] as const,
]);

/** Rows of the stream's columns, with made-up values of the declared types. */
function declared(stream: StreamDefinition): Endpoint {
  const { schema, cursorField } = stream;
  const made = madeColumnsOf(stream);
  const columns = Object.entries(schema.properties).filter(([name]) => !made.has(name));
  return {
    fields: new Set(columns.map(([name]) => name)),
    generate: (seed, index, timestamp) =>
      Object.fromEntries(
        columns.map(([name, column], salt) => [
          name,
          name === cursorField ? timestamp : madeUpValue(column, seed, index, salt),
        ]),
      ),
  };
}

/** A value of a column's type; null now and then. */
function madeUpValue({ type, items }: StreamColumn, seed: number, index: number, salt: number): JsonValue {
  const names = [type].flat();
  if (names.includes("null") && chance(0.1, seed, index, 200 + salt)) return null;
  const number = hash(seed, index, 300 + salt);
  switch (names.find((name) => name !== "null")) {
    case "integer":
      return number % 10_000;
    case "boolean":
      return number % 2 === 0;
    case "object":
      return { value: number % 10_000 };
    case "array":
      return Array.from({ length: below(4, seed, index, 400 + salt) }, (_, at) =>
        madeUpValue(items ?? { type: "string" }, seed, index, 1000 * (at + 1) + salt),
      );
    default:
      return `text ${number % 1000} ☀`;
  }
}
