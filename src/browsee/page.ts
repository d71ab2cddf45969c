/** One session as the API sent it: any field may be missing or of another type. */
export type Row = Readonly<Record<string, unknown>>;

/** A row as text, in which the numbers are written as they would be here. */
export interface RowText {
  /** One line of JSON. */
  readonly json: string;
  /** How many fields are written in it: more than the row has where a name comes twice. */
  readonly fields: number;
}

/** One answer of an export: a consistent snapshot of a part of the result set. */
export interface Page {
  readonly rows: readonly Row[];
  /** For each row its own text, where that is known. */
  readonly texts?: readonly (RowText | undefined)[];
  /** API field exports.total: rows of the whole set. undefined where it was absent or no count. */
  readonly total: number | undefined;
}

/** Which rows of which set are asked for (API parameters start, end, from, limit). */
export interface PageQuery {
  /** Unix seconds; the API does not say whether inclusive. */
  readonly start: number;
  /** Unix seconds; the API does not say whether inclusive. */
  readonly end: number;
  /** Offset of the first row. */
  readonly from: number;
  /** At most 100. */
  readonly limit: number;
}
