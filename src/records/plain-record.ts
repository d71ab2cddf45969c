import type { Fields, PlainRow } from "../browsee/page.ts";
import { CLOSING_BRACE, COMMA } from "../json-bytes.ts";
import type { RowReader } from "../sync/row-reader.ts";
import type { Utf8 } from "../text.ts";
import { ByteWriter } from "./byte-writer.ts";
import { type Field, member } from "./field.ts";
import type { InstantWriter } from "./instant.ts";
import { parsedAt, wholeIn } from "./plain-value.ts";
import type { KeyMaker } from "./session-key.ts";

/** Records are written into pieces of memory of so many bytes, one behind the other. */
const PIECE = 64 * 1024;
const REST = ',"additionalFields":';

/** What is to stand in a record. */
export interface PlainRecordParts {
  /** Columns that the API sends, in the order of the rows' layout. */
  readonly fields: readonly Field[];
  readonly isPicked: (field: Field) => boolean;
  /** The session's start, as its place among the fields. */
  readonly start: number;
  readonly keys: KeyMaker;
  readonly constants: Readonly<Record<string, unknown>>;
  /** Where startedAt is among the columns. */
  readonly instants: InstantWriter | undefined;
  /** The column additionalFields as JSON, of the fields that have no column; undefined where it can't be written as it is. */
  readonly restOf: ((rest: Fields) => string | undefined) | undefined;
}

/** A column that is copied from the row. */
interface PickedField {
  readonly place: number;
  /** What stands before its value. */
  readonly before: Buffer;
  /** What stands in the place of both where the row has none. */
  readonly absent: Buffer;
}

/** Writes records of plain rows; what it has given stays as it is. */
export function createPlainRecord(parts: PlainRecordParts): Pick<RowReader, "write" | "canonical"> {
  const { fields, isPicked, keys, instants, restOf } = parts;
  const picked = fields.flatMap((field, place) => (isPicked(field) ? pickedField(field, place) : []));
  const unpicked = fields.flatMap((field, place) => (isPicked(field) ? [] : place));
  const head = Buffer.from('{"sessionKey":"');
  const same = Buffer.from(`"${membersOf(parts.constants)}${instants === undefined ? "" : ',"startedAt":'}`);
  const noRest = restOf === undefined ? "" : `${REST}null`;
  const beside = 100 + same.length + sum(picked.map(({ absent }) => absent.length));
  let out = new ByteWriter(PIECE);

  /** What is made here. @returns the offset at which it begins */
  function begin(row: PlainRow, at: number | undefined, key: string, rest = noRest): number {
    const most = row.end - row.start + beside + rest.length * 3;
    if (out.at + most > out.bytes.length) out = new ByteWriter(Math.max(PIECE, most));
    const start = out.at;
    out.all(head);
    out.ascii(key);
    out.all(same);
    instants?.(out, at ?? wholeIn(row, parts.start));
    return start;
  }

  /** The member additionalFields, if there is one; undefined where it has to be converted. */
  function restIn({ rest }: PlainRow): string | undefined {
    if (rest === undefined || restOf === undefined) return noRest;
    const text = restOf(rest);
    return text && REST + text;
  }

  function canonical(row: PlainRow, at: number | undefined, key: string): Utf8 | undefined {
    const rest = restIn(row);
    if (rest === undefined) return undefined;
    const begun = begin(row, at, key, rest);
    for (const { place, before, absent } of picked) {
      const start = row.valueStart(place);
      const end = row.valueEnd(place);
      out.all(start === 0 ? absent : before);
      if (row.isOdd(place)) out.utf8(JSON.stringify(parsedAt(row.bytes, start, end)));
      else if (start !== 0) out.copy(row.bytes, start, end);
    }
    out.utf8(rest);
    out.byte(CLOSING_BRACE);
    return { bytes: out.bytes, start: begun, end: out.at };
  }

  /** All but what a row lacks is copied in one piece. */
  function asItCame(row: PlainRow, at: number | undefined, key: string): Utf8 {
    const start = begin(row, at, key);
    out.ascii(noRest);
    for (const { place, absent } of picked) if (row.valueStart(place) === 0) out.all(absent);
    out.byte(COMMA);
    out.copy(row.bytes, row.start + 1, row.end);
    return { bytes: out.bytes, start, end: out.at };
  }

  return {
    canonical: (row, { key, at }) => canonical(row, at, key),
    write(row, { key, at }, twin) {
      const isRecord = row.rest === undefined && unpicked.every((place) => row.valueStart(place) === 0);
      return (isRecord ? asItCame : canonical)(row, at, keys.twin(key, twin));
    },
  };
}

function pickedField({ name, nullText }: Field, place: number): PickedField {
  return {
    place,
    before: Buffer.from(`,${JSON.stringify(name)}:`),
    absent: Buffer.from(`,${nullText}`),
  };
}

function membersOf(constants: Readonly<Record<string, unknown>>): string {
  return Object.entries(constants)
    .map(([name, value]) => `,${member(name, value)}`)
    .join("");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
