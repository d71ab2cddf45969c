/** Any value that JSON can hold; `undefined` inside an object stands for a field that is not sent. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonRecord;

/** A JSON object. */
export interface JsonRecord {
  readonly [field: string]: JsonValue | undefined;
}

/** Whether a value of unknown origin (a request's body) is a JSON object: neither null nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a JSON value is an object: neither null nor an array. */
export function isRecord(value: JsonValue | undefined): value is JsonRecord {
  return isObject(value);
}

/** A shallow copy in which the fields that would not be sent are absent rather than `undefined`. */
export function withoutUndefined(record: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}
