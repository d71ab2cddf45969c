/** The time, handed in so that it can be another in a test. */
export interface Clock {
  /** Monotonic ms. */
  readonly monotonicNow: () => number;
  /** Unix ms. */
  readonly now: () => number;
}
