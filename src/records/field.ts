import { MADE_COLUMNS } from "./columns.ts";
import { type ColumnSchema, type Convert, converterFor } from "./convert-value.ts";

/** A column that the API sends. */
export interface Field {
  readonly name: string;
  readonly convert: Convert;
}

/**
 * The columns of a stream that the API sends.
 * @throws Error for a type that no stream has needed so far
 */
export function sentFields(properties: Readonly<Record<string, ColumnSchema>>): readonly Field[] {
  const made = new Set<string>(MADE_COLUMNS);
  return Object.entries(properties)
    .filter(([name]) => !made.has(name))
    .map(([name, schema]) => ({ name, convert: converterFor(schema) }));
}
