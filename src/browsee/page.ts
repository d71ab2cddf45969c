/** A row's fields by name, as the API sent them: any may be missing or of another type. */
export type Fields = Readonly<Record<string, unknown>>;

/** One session as the API sent it. */
export interface Row {
  /** Parsed when they are first looked at. */
  readonly fields: Fields;
  /** Where they stand in the answer, if that says all there is to say of them. */
  readonly plain?: PlainRow;
}

/**
 * A row in the answer's own bytes, in which each field that is known comes once, is null or of its kind, and is written on
 * one line.
 */
export interface PlainRow {
  /** The answer, in UTF-8. */
  readonly bytes: Buffer;
  /** Offset of its opening brace. */
  readonly start: number;
  /** Offset behind its closing one. */
  readonly end: number;
  /** Fields that the layout does not know, parsed; undefined where there are none. */
  readonly rest: Fields | undefined;
  /**
   * Offset of a field's value.
   * @param field its place in the layout that the row was scanned with
   * @returns 0 where the row does not have it
   */
  valueStart(field: number): number;
  /** Offset behind it. */
  valueEnd(field: number): number;
  /** Whether JSON.stringify would write it otherwise. */
  isOdd(field: number): boolean;
}

/** One answer of an export: a consistent snapshot of a part of the result set. */
export interface Page {
  readonly rows: readonly Row[];
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
