/** Converts a value to a column's type; undefined where that would lose something. null and undefined never get here. */
export type Convert = (value: unknown) => unknown;

/** The part of a column's JSON Schema that says its type. */
export interface ColumnSchema {
  readonly type: string | readonly string[];
  readonly items?: ColumnSchema;
}

/**
 * The conversion to the type that a column declares.
 * @throws Error for a type that no stream has needed so far
 */
export function converterFor(schema: ColumnSchema): Convert {
  const type = [schema.type].flat().find((name) => name !== "null");
  switch (type) {
    case "string":
      return toText;
    case "integer":
      return toInteger;
    case "boolean":
      return toBoolean;
    case "object":
      return (value) => (typeof value === "object" && !Array.isArray(value) ? value : undefined);
    case "array":
      return toList(schema.items === undefined ? (value) => value : converterFor(schema.items));
    default:
      throw new Error(`no conversion to ${type}`);
  }
}

function toText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
}

/** A whole number as text; leading zeros may mean something. */
const WHOLE = /^(?:0|-?[1-9]\d*)(?:\.0+)?$/;

/** A whole number, also where it came as text. */
export function toInteger(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) && WHOLE.test(value) ? number : undefined;
}

function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === 1) return true;
  return value === "false" || value === 0 ? false : undefined;
}

function toList(convert: Convert): Convert {
  return (value) => {
    const items = (Array.isArray(value) ? value : [value]).map((item) =>
      item === null ? null : convert(item),
    );
    return items.includes(undefined) ? undefined : items;
  };
}
