import fc from "fast-check";
import { createKeyMask } from "../../src/browsee/key-mask.ts";
import type { PlainRow } from "../../src/browsee/page.ts";
import { type Parsed, parseBody } from "../../src/browsee/parse-body.ts";
import { createRowLayout, type KnownField } from "../../src/browsee/row-layout.ts";

export const KEY = "demo-api-key-0123456789";
export const mask = createKeyMask([KEY]);
export const KNOWN: readonly KnownField[] = [
  { name: "userId", kind: "text" },
  { name: "timestamp", kind: "whole" },
  { name: "isMobile", kind: "flag" },
  { name: "urls", kind: "texts" },
  { name: "日", kind: "text" },
  { name: "ip", kind: "text" },
  { name: "extra", kind: "other" },
];
export const LAYOUT = createRowLayout(KNOWN);
export function parse(json: string): Parsed {
  return parseBody(Buffer.from(json), LAYOUT, mask);
}

/** What was understood, with the rows in their place. */
export function understood({ value: around, rows }: Parsed): unknown {
  if (rows === undefined) return around;
  const whole = structuredClone(around);
  Object(whole).exports.data = rows.map(({ fields }) => fields);
  return whole;
}

/** The rows that were not parsed, by their places. */
export function plainRows({ rows = [] }: Parsed): ReadonlyMap<number, PlainRow> {
  return new Map(rows.flatMap(({ plain }, n) => (plain === undefined ? [] : [[n, plain]])));
}

/** What stands in a plain row, field by field. */
export function written(plain: PlainRow): Readonly<Record<string, string>> {
  const values = KNOWN.flatMap(({ name }, field) => {
    const [start, end] = [plain.valueStart(field), plain.valueEnd(field)];
    return start === 0 ? [] : [[name, plain.bytes.toString("utf8", start, end)]];
  });
  return { ...Object.fromEntries(values), ...asWritten(plain.rest ?? {}) };
}

export function asWritten(row: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(row).map(([name, field]) => [name, JSON.stringify(field)]));
}

const NASTY = [
  "},{",
  '"data":[{',
  '"',
  "\\",
  "{",
  "]",
  "\n",
  "\u2028",
  "é",
  "日本",
  "😀",
  "\ud800",
  "12.0",
  ",",
  "0",
  ":",
];

/** A text of anything that may stand in JSON. */
export const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: fc.constantFrom(...NASTY) }),
  fc.string({ unit: "binary" }),
);
