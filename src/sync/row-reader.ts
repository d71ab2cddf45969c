import type { PlainRow, Row } from "../browsee/page.ts";
import type { RowLayout } from "../browsee/row-layout.ts";
import type { Utf8 } from "../text.ts";

/** What of a row never changes. */
export interface Identity {
  /** The same for the same session at every read; equal for sessions that agree in every lasting field. */
  readonly key: string;
  /** Start of the session, Unix ms; undefined where the row has none that can be read. */
  readonly at: number | undefined;
}

/** A row as it is handed on. */
export interface Converted {
  readonly data: Readonly<Record<string, unknown>>;
  /** Fields that could not be converted and are null in data. */
  readonly nulled: readonly string[];
}

/** How a stream understands its rows. */
export interface RowReader {
  /** What rows are expected to have: plain ones are told by it. */
  readonly layout: RowLayout;
  identify(row: Row): Sighting;
  /** @param twin 0, or for further sessions of the same identity their number */
  convert(row: Row, identity: Identity, twin: number): Converted;
  /**
   * The record of a plain row as JSON: what `convert` gives, in any order.
   * @param twin as there
   * @returns undefined where something in it has to be converted
   */
  write(row: PlainRow, identity: Identity, twin: number): Utf8 | undefined;
  /** The same as number 0 of its identity, just as JSON.stringify would write it. @returns undefined as there */
  canonical(row: PlainRow, identity: Identity): Utf8 | undefined;
}

/** A row with its identity, as it was met in a pass. */
export interface Sighting extends Identity {
  readonly row: Row;
}
