import type { Page, Row, RowText } from "../browsee/page.ts";

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
  identify(row: Row): Identity;
  /** @param twin 0, or for further sessions of the same identity their number */
  convert(row: Row, identity: Identity, twin: number): Converted;
  /**
   * The record as JSON, made of the row's own text; undefined where anything in it is to be converted or left out.
   * @param twin as for convert
   */
  passOn(row: Row, text: RowText, identity: Identity, twin: number): string | undefined;
}

/** A row with its identity, as it was met in a pass. */
export interface Sighting extends Identity {
  readonly row: Row;
  readonly text: RowText | undefined;
}

/** The rows of a page with their identities. */
export function sight({ rows, texts }: Page, identify: RowReader["identify"]): readonly Sighting[] {
  return rows.map((row, index) => {
    const { key, at } = identify(row);
    return { key, at, row, text: texts?.[index] };
  });
}
