import type { Fields } from "../browsee/page.ts";

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
  identify(row: Fields): Sighting;
  /** @param twin 0, or for further sessions of the same identity their number */
  convert(row: Fields, identity: Identity, twin: number): Converted;
}

/** A row with its identity, as it was met in a pass. */
export interface Sighting extends Identity {
  readonly row: Fields;
}
