import type { Row } from "../browsee/page.ts";
import type { Converted, RowReader } from "../sync/row-reader.ts";
import { type Columns, LASTING_FIELDS, MADE_COLUMNS } from "./columns.ts";
import { type ColumnSchema, type Convert, converterFor } from "./convert-value.ts";
import type { KeyMaker } from "./session-key.ts";

/** Years that every destination can store. */
const FIRST_INSTANT = Date.UTC(1, 0, 1);
const LAST_INSTANT = Date.UTC(10000, 0, 1) - 1;

/** What a stream of sessions is read with. */
export interface SessionReaderParts {
  readonly properties: Readonly<Record<string, ColumnSchema>>;
  readonly columns: Columns;
  readonly keys: KeyMaker;
  /** Columns that are the same for each record of this set, e.g. segmentId. */
  readonly constants: Readonly<Record<string, unknown>>;
}

interface Field {
  readonly name: string;
  readonly convert: Convert;
  readonly picked: boolean;
}

/** Understands the rows of a session export. */
export function createSessionReader({ properties, columns, keys, constants }: SessionReaderParts): RowReader {
  const made = new Set<string>(MADE_COLUMNS);
  const fields = Object.entries(properties)
    .filter(([name]) => !made.has(name))
    .map(
      ([name, schema]): Field => ({ name, convert: converterFor(schema), picked: columns.picked.has(name) }),
    );
  const documented = new Set(fields.map(({ name }) => name));
  const lasting = LASTING_FIELDS.flatMap((name) => fields.find((field) => field.name === name) ?? []);
  const withInstant = columns.picked.has("startedAt");
  const withRest = columns.picked.has("additionalFields");

  return {
    identify(row) {
      const values = lasting.map(({ name, convert }) => lastingValue(row[name], convert));
      const [timestamp] = values;
      return { key: keys(values), at: typeof timestamp === "number" ? timestamp : undefined };
    },
    convert(row, { key, at }, twin): Converted {
      const data: Record<string, unknown> = { sessionKey: keys.twin(key, twin), ...constants };
      const nulled: string[] = [];
      for (const { name, convert, picked } of fields) {
        if (!picked) continue;
        const value = row[name] ?? null;
        const converted = value === null ? null : convert(value);
        data[name] = converted ?? null;
        if (converted === undefined) nulled.push(name);
        if (name === "timestamp" && withInstant) data["startedAt"] = instant(at);
      }
      if (withRest) data["additionalFields"] = additionalFields(row, documented, nulled);
      return { data, nulled };
    },
  };
}

/** As the column shows it, or as it came where it can't be converted: either way the same at every read. */
function lastingValue(value: unknown, convert: Convert): unknown {
  if (value === undefined || value === null) return null;
  return convert(value) ?? JSON.stringify(value);
}

function instant(at: number | undefined): string | null {
  return at === undefined || at < FIRST_INSTANT || at > LAST_INSTANT ? null : new Date(at).toISOString();
}

function additionalFields(
  row: Row,
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
