import type { IncomingHttpHeaders } from "node:http";
import type { Fault } from "./faults.ts";

/** What a stand-in has done so far; a live view. */
export interface Stats {
  /** POSTs to the export path; request number n is the n-th of them. */
  readonly requests: number;
  /** Answered with a page of sessions, undisturbed. */
  readonly answered: number;
  /** Turned away because another was open. */
  readonly refused: number;
  /** Answered 400 or 401 because they deserved it. */
  readonly rejected: number;
  /** Disturbed by a fault rule. */
  readonly faulted: number;
  /** The most requests that were there at one time, the refused ones included; above 1, the client broke the rule. */
  readonly maxOpen: number;
  /** Rows in pages of sessions. */
  readonly rowsServed: number;
  /** The largest `from` in a request that was in order. */
  readonly maxOffset: number;
}

/** Stats in the making. */
export type Counters = { -readonly [name in keyof Stats]: Stats[name] };

/** All at 0. */
export function newCounters(): Counters {
  return {
    requests: 0,
    answered: 0,
    refused: 0,
    rejected: 0,
    faulted: 0,
    maxOpen: 0,
    rowsServed: 0,
    maxOffset: 0,
  };
}

/** What became of a request: a fault is told by its kind. */
export type Outcome = "answered" | "rejected" | "refused" | Fault["kind"];

/** One request as it is remembered. */
export interface LogEntry {
  /** Its number, from 1. */
  readonly request: number;
  /** When it had arrived, ms since the epoch. */
  readonly time: number;
  readonly headers: IncomingHttpHeaders;
  /** Its body without the keys; undefined if it was not a JSON object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** The status answered; undefined if the answer had none, or none of its own. */
  readonly status: number | undefined;
  readonly outcome: Outcome;
}

/** Remembers requests. */
export interface RequestLog {
  readonly entries: readonly LogEntry[];
  readonly add: (entry: LogEntry) => void;
}

/** A log of the last `limit` requests; with 0 it stays empty. */
export function requestLog(limit: number): RequestLog {
  const entries: LogEntry[] = [];
  return {
    entries,
    add: (entry) => {
      if (limit === 0) return;
      if (entries.length >= limit) entries.shift();
      entries.push(entry);
    },
  };
}
