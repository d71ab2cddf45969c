/** How large a change of what users depend on is (CONTRIBUTING.md, Versions). */
export type Size = "major" | "minor" | "patch";

/** A difference between two versions. */
export interface Change {
  readonly size: Size;
  /** What has changed and how, for whoever reads the report. */
  readonly what: string;
}

/** A JSON object of unknown content. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is a JSON object. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field of an object as an object; without any field if it is none. */
export function fieldsOf(value: Fields, name: string): Fields {
  const found = value[name];
  return isFields(found) ? found : {};
}

/** A field of an object as a set of its elements' texts; a single value is a list of one, an absent field an empty one. */
export function textsOf(value: Fields, name: string): ReadonlySet<string> {
  const found = value[name];
  return new Set(found === undefined ? [] : [found].flat().map(String));
}

/** Whether two values are the same JSON, the order of an object's fields aside. */
export function isSame(one: unknown, other: unknown): boolean {
  return ordered(one) === ordered(other);
}

function ordered(value: unknown): string {
  return (
    JSON.stringify(value, (_name, inner: unknown) =>
      isFields(inner) ? Object.fromEntries(Object.entries(inner).sort()) : inner,
    ) ?? "absent"
  );
}
