import type { ConnectorError } from "../errors.ts";
import type { Changes, Holdings } from "./sink.ts";
import type { Tally } from "./tally.ts";

/** What became of an export, or of one stream in it. */
export type Status = "complete" | "failed" | "stopped";

/** What the export of a stream came to. */
export interface StreamSummary {
  readonly stream: string;
  readonly status: Status;
  /** Undefined for a pipe. */
  readonly file: string | undefined;
  readonly table: string | undefined;
  readonly tally: Tally;
  /** Undefined where the form can't tell, or it was not complete. */
  readonly changes: Changes | undefined;
  readonly holdings: Holdings | undefined;
  readonly requests: number;
  readonly ms: number;
  readonly failure: ConnectorError | undefined;
}

/** What an export came to. */
export interface Summary {
  readonly status: Status;
  readonly streams: readonly StreamSummary[];
  readonly requests: number;
  readonly ms: number;
}

/** The summary as the JSON object that --json prints; what is unknown is null. */
export function summaryJson({ status, streams, requests, ms }: Summary): object {
  return { status, seconds: seconds(ms), requests, streams: streams.map(streamJson) };
}

function streamJson(summary: StreamSummary): object {
  const { stream, status, file, table, tally, changes, holdings, requests, ms, failure } = summary;
  const { first, last } = holdings ?? tally;
  return {
    stream,
    status,
    file: file ?? null,
    table: table ?? null,
    written: tally.written,
    new: changes?.added ?? null,
    changed: changes?.changed ?? null,
    sessions: holdings?.sessions ?? null,
    first_session: instant(first),
    last_session: instant(last),
    requests,
    seconds: seconds(ms),
    error: failure === undefined ? null : errorJson(failure),
  };
}

/** An error as --json prints it. */
export function errorJson({ code, failureType, message }: ConnectorError): object {
  return { code, failure_type: failureType, message };
}

function instant(ms: number | undefined): string | null {
  const date = new Date(ms ?? Number.NaN);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}
