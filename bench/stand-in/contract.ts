import type { BodyFault } from "../../integration_tests/fake-api/faults.ts";
import { isObject } from "../../integration_tests/fake-api/json.ts";
import type { ExportRequest } from "../../integration_tests/fake-api/request.ts";

/** The stand-in's sessions start from here (ms since the epoch, inclusive): long past, so that all runs read the same. */
export const FROM = Date.UTC(2025, 5, 1);

/** Answers that come with status 200 and hold no page, or part of one. */
export const BROKEN_PAGES = [
  "empty-page",
  "no-data",
  "no-exports",
  "failure-200",
  "null-rows",
  "html-200",
  "cut-json",
] as const satisfies readonly BodyFault["kind"][];

/** How an answer may be broken. */
export type BrokenPage = (typeof BROKEN_PAGES)[number];

/** How a stand-in for a measurement behaves. */
export interface StandInOptions {
  readonly sessions: number;
  /** They are spread over so many days. */
  readonly days: number;
  /** How long every answer takes at least, ms. */
  readonly latencyMs: number;
  /** A session disappears before every n-th request, from the range that is asked for; 0 for never. */
  readonly removeEvery: number;
  /** How one answer is broken, the fourth since the last `begin`; undefined for none. */
  readonly broken: BrokenPage | undefined;
}

/** What a stand-in is unless it is told otherwise. */
export const AT_REST: StandInOptions = {
  sessions: 1000,
  days: 30,
  latencyMs: 0,
  removeEvery: 0,
  broken: undefined,
};

/** The end of a stand-in's time, ms since the epoch, exclusive. */
export function endOf(days: number): number {
  return FROM + days * 86_400_000;
}

/** What a stand-in saw since the last `begin`. */
export interface Seen {
  /** Those in order, as they came. */
  readonly requests: readonly ExportRequest[];
  /** The most requests that were open at one time, since the stand-in started. */
  readonly maxOpen: number;
  /** Rows in undisturbed pages. */
  readonly rows: number;
  /** Identities of the sessions that were there all the time; empty unless asked for. */
  readonly stayed: readonly number[];
}

/** What a stand-in is told: to count anew, to report, to report with the sessions that stayed. */
export type Order = "begin" | "report" | "report-stayed";

/** Field in which each row tells its identity, where the set moves or pages are broken. */
export const ID_FIELD = "benchId";

/** Whether a message from a stand-in is its report. */
export function isSeen(value: unknown): value is Seen {
  return isObject(value) && Array.isArray(value["requests"]) && Array.isArray(value["stayed"]);
}

/** Whether what a stand-in was started with are its options. */
export function isStandInOptions(value: unknown): value is StandInOptions {
  return (
    isObject(value) &&
    ["sessions", "days", "latencyMs", "removeEvery"].every((name) => Number.isInteger(value[name]))
  );
}
