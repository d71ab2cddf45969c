/** A row's fields by name, as the API sent them: any may be missing or of another type. */
export type Fields = Readonly<Record<string, unknown>>;

/** One response of an export: a consistent snapshot of a part of the result set. */
export interface Page {
  /** In the order of the response. */
  readonly rows: readonly Fields[];
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
