import type { RowReader } from "../sync/row-reader.ts";
import { type Field, member } from "./field.ts";
import type { ToInstant } from "./instant.ts";
import type { KeyMaker } from "./session-key.ts";
import { startOf } from "./start.ts";

/** What is to stand in a record. */
export interface PassOnParts {
  /** Columns that the API sends. */
  readonly picked: readonly Field[];
  readonly keys: KeyMaker;
  readonly constants: Readonly<Record<string, unknown>>;
  /** Where startedAt is among the columns. */
  readonly toInstant: ToInstant | undefined;
  /** Whether additionalFields is among the columns. */
  readonly withRest: boolean;
}

/** Makes records of the rows' own texts: the columns that are made here, those that a row lacks, then the row as it came. */
export function createPassOn(parts: PassOnParts): RowReader["passOn"] {
  const { picked, keys, toInstant } = parts;
  const same = sameInEach(parts);
  return (row, { json, fields }, { key }, twin) => {
    let met = 0;
    let absent = "";
    for (const { name, isExact, nullText } of picked) {
      const value = row[name];
      if (value === undefined) absent += `,${nullText}`;
      else if (value === null || isExact(value)) met += 1;
      else return undefined;
    }
    // What is written beyond these has no column, or stands twice.
    if (met !== fields || met === 0) return undefined;
    const start = toInstant === undefined ? "" : `,${member("startedAt", toInstant(startOf(row)))}`;
    return `{"sessionKey":"${keys.twin(key, twin)}"${same}${start}${absent},${json.slice(1)}`;
  };
}

function sameInEach({ constants, withRest }: PassOnParts): string {
  const made = withRest ? { ...constants, additionalFields: null } : constants;
  return Object.entries(made)
    .map(([name, value]) => `,${member(name, value)}`)
    .join("");
}
