/** The columns that the user picked, with those that are always there. */
export interface Columns {
  readonly picked: ReadonlySet<string>;
  /** API parameter options.select; undefined where all fields are needed. */
  readonly select: readonly string[] | undefined;
}

/** What a stream's columns are made of. */
export interface ColumnSources {
  /** The stream's columns, in order. */
  readonly all: readonly string[];
  /** Those that are made here, not sent by the API. */
  readonly made: ReadonlySet<string>;
  /** Primary key and cursor. */
  readonly always: readonly string[];
  /** Fields that the key is made of (API field names). */
  readonly keyFields: readonly string[];
}

/** @param configured the columns in the configured stream's json_schema; none picks all */
export function pickColumns(
  { all, made, always, keyFields }: ColumnSources,
  configured: readonly string[],
): Columns {
  const wanted = new Set([...configured, ...always]);
  const picked = configured.length === 0 ? all : all.filter((name) => wanted.has(name));
  // What the API does not document can't be asked for by name.
  if (picked.includes("additionalFields")) return { picked: new Set(picked), select: undefined };
  const select = new Set([...keyFields, ...picked.filter((name) => !made.has(name))]);
  const sent = all.filter((name) => !made.has(name));
  return {
    picked: new Set(picked),
    select: sent.every((name) => select.has(name)) ? undefined : [...select],
  };
}
