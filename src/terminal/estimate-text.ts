import { countOf, dayText, durationText, type Noun } from "./quantities.ts";

/** What the export of a stream would ask for. */
export interface Estimate {
  readonly stream: string;
  readonly noun: Noun;
  /** Unix ms: the time that would be read, inclusive; undefined where there is nothing to read. */
  readonly from?: number;
  /** Unix ms, exclusive. */
  readonly to?: number;
  /** Records that the API counts in it. */
  readonly sessions: number;
  /** Requests that they take, more or less. */
  readonly requests: number;
  /** How long those take, more or less. */
  readonly ms: number;
}

/** The estimates for a person, in lines. */
export function estimateLines(estimates: readonly Estimate[]): readonly string[] {
  const lines = estimates.map(({ stream, noun, from, to, sessions, requests, ms }) => {
    if (from === undefined || to === undefined) return `${stream}: there is nothing to ask for`;
    const span = `from ${dayText(from)} to ${dayText(to)}`;
    const cost = `some ${countOf(requests, "request")}, about ${durationText(ms)}`;
    return `${stream}: ${countOf(sessions, noun.one, noun.many)} ${span} would be asked for; ${cost}`;
  });
  return [...lines, "Nothing was written."];
}

/** The estimates as the JSON object that --json prints. */
export function estimateJson(estimates: readonly Estimate[]): object {
  return {
    streams: estimates.map(({ stream, sessions, requests, ms }) => ({
      ...{ stream, sessions, requests, seconds: Math.round(ms / 1000) },
    })),
  };
}
