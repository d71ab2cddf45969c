import { stringify } from "csv-stringify/sync";
import type { Emission } from "../sync/emission.ts";

/** A form of text in which every session is a line. */
export interface LineForm {
  /** What stands before the first line. */
  readonly header: (columns: readonly string[]) => string;
  readonly lines: (batch: readonly Emission[], columns: readonly string[]) => string;
  /** Whether every line has the same columns. */
  readonly fixedColumns: boolean;
}

/** A JSON object a line. */
export const ndjson: LineForm = {
  header: () => "",
  lines: (batch) => batch.map(({ json }) => `${json}\n`).join(""),
  fixedColumns: false,
};

/** RFC 4180: lines end with CRLF. An empty field is null; an empty text is "". Lists and objects are JSON. */
export const csv: LineForm = {
  header: (columns) => toCsv([columns]),
  lines: (batch, columns) => toCsv(batch.map(({ data }) => columns.map((name) => cell(data[name])))),
  fixedColumns: true,
};

function toCsv(rows: readonly (readonly (string | null)[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    // A lone CR or LF must be quoted too, for readers that take it for the end of a line; "" keeps apart from null.
    { record_delimiter: "windows", quoted_match: /[\r\n]|^$/ },
  );
}

function cell(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
