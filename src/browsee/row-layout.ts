import { standsAt } from "./stands-at.ts";

/**
 * What a field of a row is expected to hold, besides null: a text, a whole number, true or false, a list of texts, or
 * anything else, which has to be parsed.
 */
export type FieldKind = "text" | "whole" | "flag" | "texts" | "other";

/** A field that rows are expected to have. */
export interface KnownField {
  readonly name: string;
  readonly kind: FieldKind;
}

/** The fields that rows are expected to have: rows of just these need not be parsed. */
export interface RowLayout {
  readonly kinds: readonly FieldKind[];
  /** For each field its name in quotes and the colon behind it, as they are mostly written. */
  readonly tokens: readonly Uint8Array[];
  /**
   * Looks a name up.
   * @param start offset of its first byte
   * @param end offset behind its last one
   * @returns its place among the fields; -1 for a name that is not known
   */
  find(bytes: Uint8Array, start: number, end: number): number;
}

/** Slots of the table for each field, so that few fields want the same. */
const ROOM = 8;

/** A table of fields by the bytes of their names. */
export function createRowLayout(fields: readonly KnownField[]): RowLayout {
  const names = fields.map(({ name }) => Buffer.from(name));
  // A power of two, which spares a division for each name.
  const mask = 2 ** Math.ceil(Math.log2(fields.length * ROOM + 1)) - 1;
  const table = new Int16Array(mask + 1).fill(-1);
  for (const [field, name] of names.entries()) {
    let slot = slotOf(name, 0, name.length) & mask;
    while (table[slot] !== -1) slot = (slot + 1) & mask;
    table[slot] = field;
  }
  return {
    kinds: fields.map(({ kind }) => kind),
    tokens: fields.map(({ name }) => Buffer.from(`${JSON.stringify(name)}:`)),
    find(bytes, start, end) {
      if (start === end) return -1;
      for (let slot = slotOf(bytes, start, end) & mask; ; slot = (slot + 1) & mask) {
        const field = table[slot] ?? -1;
        const name = names[field];
        if (name === undefined || (name.length === end - start && standsAt(name, bytes, start))) return field;
      }
    },
  };
}

/** Where to begin to look: names differ in their length, their ends and their middle. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  const middle = bytes[start + (length >> 1)] ?? 0;
  return length * 31 + (bytes[start] ?? 0) * 7 + middle * 3 + (bytes[end - 1] ?? 0) * 13;
}
