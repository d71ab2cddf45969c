/** The objects of a record or a state and the message around it add to what a value nests; 100 levels are the most in all. */
const MOST_LEVELS = 95;
/** How JSON.stringify writes half of a surrogate pair. */
const LONE_SURROGATE = "\\ud";

/** Whether a value is nested so deep that some readers refuse it. */
export function isTooDeep(value: unknown, levels: number = MOST_LEVELS): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}

/**
 * JSON text that every reader takes: half of a surrogate pair, as a text that was cut ends with, becomes U+FFFD in values
 * and in names.
 */
export function toJsonText(data: object): string {
  const json = JSON.stringify(data);
  return json.includes(LONE_SURROGATE) ? JSON.stringify(wellFormed(data)) : json;
}

function wellFormed(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(wellFormed);
  const fields = Object.entries(value).map(([name, inner]) => [name.toWellFormed(), wellFormed(inner)]);
  return Object.fromEntries(fields);
}

/** Whether a value of parsed JSON is an object, not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value of parsed JSON is an object or a list, and holds nothing. */
export function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

/** Whether a value is a whole number that counts something, or a Unix time. */
export function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** A field of an object; undefined for one of its prototype's, and where there is no object. */
export function field(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
