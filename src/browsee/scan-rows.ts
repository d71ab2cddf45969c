import { COMMA, OPENING_BRACE, OPENING_BRACKET } from "../json-bytes.ts";
import type { Row } from "./page.ts";
import { parseFields } from "./parse-fields.ts";
import type { RowLayout } from "./row-layout.ts";
import { RowScanner } from "./row-scanner.ts";
import { endOfAny } from "./scan-any.ts";
import { skipSpaces } from "./scan-value.ts";

/** Rows that stand in an answer one behind the other. */
export interface ScannedRows {
  readonly rows: readonly Row[];
  /** Offset of the first one. */
  readonly start: number;
  /** Offset behind the last one. */
  readonly end: number;
}

/**
 * Finds the first list of objects in an answer. What stands around it is not looked at, so the caller has to see to it
 * that this is the list of rows.
 * @param bytes valid UTF-8
 * @returns undefined where there is no such list
 * @throws SyntaxError for a row that is not JSON
 */
export function scanRows(bytes: Buffer, layout: RowLayout): ScannedRows | undefined {
  const start = skipSpaces(bytes, bytes.indexOf(OPENING_BRACKET) + 1);
  if (bytes[start] !== OPENING_BRACE) return undefined;
  const scanner = new RowScanner(bytes, layout);
  const rows: Row[] = [];
  for (let at = start; ; ) {
    const row = scanner.plain(at) ?? parsed(bytes, at);
    rows.push(row);
    at = skipSpaces(bytes, row.end);
    if (bytes[at] !== COMMA) return { rows, start, end: row.end };
    at = skipSpaces(bytes, at + 1);
    if (bytes[at] !== OPENING_BRACE) return undefined;
  }
}

/** A row that has to be parsed. */
function parsed(bytes: Buffer, start: number): Row & { readonly end: number } {
  const end = endOfAny(bytes, start);
  return { fields: parseFields(bytes.toString("utf8", start, end)), end };
}
