/** A span of time, in Unix seconds: start inclusive, end exclusive. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** How far a slice is read (state key `slice`). */
export interface SliceProgress extends Slice {
  /** Rows of the API's set that have been dealt with: what was to be emitted of them has been. */
  readonly offset: number;
  /** API field exports.total, as it was while reading. */
  readonly total: number;
  /** Identity of the row at offset - 1, by which the set is seen to be unmoved. */
  readonly last: string;
  /** How many rows with that very identity were met so far. */
  readonly twins: number;
}
