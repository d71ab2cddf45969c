import { type ColumnSchema, type Convert, converterFor, exactnessOf, type IsExact } from "./convert-value.ts";

/** A column that the API sends. */
export interface Field {
  readonly name: string;
  readonly convert: Convert;
  readonly isExact: IsExact;
  /** How it is written where it has no value. */
  readonly nullText: string;
}

/** @throws Error for a type that no stream has needed so far */
export function createField(name: string, schema: ColumnSchema): Field {
  return { name, convert: converterFor(schema), isExact: exactnessOf(schema), nullText: member(name, null) };
}

/** A member of an object, as JSON. */
export function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}
