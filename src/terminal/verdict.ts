import type { Noun } from "./quantities.ts";

/** How many records differ. */
export interface Differing {
  /** Those that Browsee has and the copy has not. */
  readonly missing: number;
  /** Those that the copy has and Browsee has no more. */
  readonly gone: number;
}

/** How the copy of a stream compares with the API. */
export interface StreamVerdict extends Differing {
  readonly stream: string;
  readonly noun: Noun;
  /** Records that Browsee has in the time that was exported. */
  readonly counted: number;
  /** Those that the copy had when it was looked at. */
  readonly held: number;
  /** Days on which they differ, by date (YYYY-MM-DD, UTC), in order. */
  readonly days: ReadonlyMap<string, Differing>;
  /** What was mended: missing records that were written, and gone ones that were deleted. */
  readonly mended: Differing;
  /** Whether an export has come to its end since it began; otherwise what is behind it is not in the copy. */
  readonly finished: boolean;
  /** Whether the copy is whole now. */
  readonly whole: boolean;
  readonly requests: number;
  readonly ms: number;
}

/** The verdicts as the JSON object that --json prints. */
export function verdictJson(streams: readonly StreamVerdict[]): object {
  return {
    streams: streams.map(({ stream, counted, held, missing, gone, requests, whole }) => ({
      ...{ stream, counted, held, missing, gone, requests, whole },
    })),
  };
}
