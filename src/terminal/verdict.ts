import type { ConnectorError } from "../errors.ts";
import { countOf, countText, durationText, type Noun } from "./quantities.ts";
import { errorJson } from "./summary.ts";

/** Days that are listed at the most. */
const MOST_DAYS = 31;

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

/** The verdicts as the JSON object that --json prints. @param failure of the stream behind them, if one failed */
export function verdictJson(streams: readonly StreamVerdict[], failure: ConnectorError | undefined): object {
  return {
    ...(failure !== undefined && { status: "failed", error: errorJson(failure) }),
    streams: streams.map(({ stream, counted, held, missing, gone, requests, whole }) => ({
      ...{ stream, counted, held, missing, gone, requests, whole },
    })),
  };
}

/** The verdicts for a person, in lines: what differs, on which days, and what to do. */
export function verdictLines(streams: readonly StreamVerdict[]): readonly string[] {
  return streams.flatMap(linesOf);
}

function linesOf(verdict: StreamVerdict): readonly string[] {
  const { stream, noun, counted, held, missing, gone, finished, requests, ms, days } = verdict;
  const cost = `${countOf(requests, "request")} in ${durationText(ms)}`;
  if (missing + gone === 0) {
    const whole = `the copy is whole${finished ? "" : " as far as the export has come"}`;
    return [`${stream}: ${whole}, ${countOf(held, noun.one, noun.many)}; ${cost}`, ...adviceLines(verdict)];
  }
  const counts = `${countText(counted)} at Browsee, ${countText(held)} in the copy`;
  const listed = [...days].slice(0, MOST_DAYS).map(([day, each]) => `  ${day}  ${differingText(each)}`);
  const more = days.size - listed.length;
  return [
    `${stream}: ${differingText(verdict)} (${counts}; ${cost})`,
    ...listed,
    ...(more > 0 ? [`  and ${countOf(more, "more day")}`] : []),
    ...adviceLines(verdict),
  ];
}

function differingText({ missing, gone }: Differing): string {
  return [
    ...(missing > 0 ? [`${countText(missing)} missing in the copy`] : []),
    ...(gone > 0 ? [`${countText(gone)} that Browsee no longer has`] : []),
  ].join(", ");
}

function adviceLines({ missing, gone, mended, finished, whole }: StreamVerdict): readonly string[] {
  return [
    ...(mended.missing > 0 ? [`  ${countText(mended.missing)} that were missing are written`] : []),
    ...(mended.gone > 0 ? [`  ${countText(mended.gone)} that Browsee no longer has are deleted`] : []),
    ...(missing > mended.missing ? ["Run it with --repair to write those that are missing."] : []),
    ...(gone > mended.gone ? ["Run it with --prune to delete those that Browsee no longer has."] : []),
    ...(finished ? [] : ["The export was cut off. Run it again: it goes on from there."]),
    ...(whole && missing + gone > 0 ? ["The copy is whole now."] : []),
  ];
}
