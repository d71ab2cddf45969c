/** The pace is that of the last so many ms. */
const SPAN_MS = 20_000;

interface Sample {
  /** Monotonic ms. */
  readonly at: number;
  readonly done: number;
  readonly fraction: number;
}

/** How fast work goes, and how long it will take. */
export interface Pace {
  /** Undefined as long as there is nothing to tell it by. */
  readonly perSecond: number | undefined;
  readonly leftMs: number | undefined;
}

/** @returns a function of how much is done, and which part that is (from 0 to 1; undefined if unknown) */
export function createPace(clock: () => number): (done: number, fraction: number | undefined) => Pace {
  let samples: readonly Sample[] = [];
  return (done, fraction = 0) => {
    const at = clock();
    samples = [...samples.filter((sample) => at - sample.at <= SPAN_MS), { at, done, fraction }];
    const first = samples[0] ?? { at, done, fraction };
    const elapsed = at - first.at;
    const gained = fraction - first.fraction;
    return {
      perSecond: elapsed > 0 ? Math.max(0, ((done - first.done) * 1000) / elapsed) : undefined,
      leftMs: elapsed > 0 && gained > 0 ? (elapsed * (1 - fraction)) / gained : undefined,
    };
  };
}
