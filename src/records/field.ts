import type { FieldKind, KnownField } from "../browsee/row-layout.ts";
import { MADE_COLUMNS } from "./columns.ts";
import { type ColumnSchema, type Convert, converterFor, typeOf } from "./convert-value.ts";

/** A column that the API sends. */
export interface Field extends KnownField {
  readonly convert: Convert;
  /** How it is written where it has no value. */
  readonly nullText: string;
}

const KINDS: Readonly<Record<string, FieldKind>> = { string: "text", integer: "whole", boolean: "flag" };

/**
 * The columns of a stream that the API sends.
 * @throws Error for a type that no stream has needed so far
 */
export function sentFields(properties: Readonly<Record<string, ColumnSchema>>): readonly Field[] {
  const made = new Set<string>(MADE_COLUMNS);
  return Object.entries(properties)
    .filter(([name]) => !made.has(name))
    .map(([name, schema]) => ({
      name,
      kind: kindOf(schema),
      convert: converterFor(schema),
      nullText: member(name, null),
    }));
}

/** What a field of the declared type holds, so that converting it would change nothing. */
function kindOf(schema: ColumnSchema): FieldKind {
  const type = typeOf(schema);
  const listOfTexts = type === "array" && schema.items !== undefined && typeOf(schema.items) === "string";
  return listOfTexts ? "texts" : (KINDS[type ?? ""] ?? "other");
}

/** A member of an object, as JSON. */
export function member(name: string, value: unknown): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}
