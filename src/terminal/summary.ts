import type { ConnectorError } from "../errors.ts";
import type { Receipt } from "../sync/page.ts";
import type { Noun } from "./quantities.ts";

/** What was done to the rows of a table; a row counts as changed if what was there differs. */
export interface Changes {
  added: number;
  changed: number;
  /** Rows that a full export did not bring again. */
  gone: number;
}

/** What a stream's table holds. */
export interface TableStatistics {
  readonly rows: number;
  /** Unix ms of the first and the last start; undefined where there is none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Rows by label, in order: the last days that had any (YYYY-MM-DD, UTC), or the largest partitions. */
  readonly chart: { readonly title: string; readonly bars: ReadonlyMap<string, number> };
}

/** What became of an export, or of one stream in it. */
export type Status = "complete" | "failed" | "stopped";

/** What the export of a stream came to. */
export interface StreamSummary {
  readonly stream: string;
  readonly noun: Noun;
  readonly status: Status;
  /** Undefined for a pipe. */
  readonly file: string | undefined;
  readonly table: string | undefined;
  /** What was asked for, what came, and what was written. */
  readonly receipt: Readonly<Receipt>;
  /** Undefined for a pipe, and where nothing could begin. */
  readonly changes: Readonly<Changes> | undefined;
  /** Undefined for a pipe, and where the export was not complete. */
  readonly statistics: TableStatistics | undefined;
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
  const { stream, status, file, table, receipt, changes, statistics, requests, ms, failure } = summary;
  return {
    stream,
    status,
    file: file ?? null,
    table: table ?? null,
    counted: receipt.counted,
    accounted_for: receipt.came,
    answers_read_again: receipt.rereads,
    written: receipt.written,
    new: changes?.added ?? null,
    changed: changes?.changed ?? null,
    gone: changes?.gone ?? null,
    sessions: statistics?.rows ?? null,
    first_session: instant(statistics?.first),
    last_session: instant(statistics?.last),
    requests,
    seconds: seconds(ms),
    error: failure === undefined ? null : errorJson(failure),
  };
}

/** An error as --json prints it. */
export function errorJson({ code, failureType, message }: ConnectorError): object {
  return { code, failure_type: failureType, message };
}

/** Unix ms as an ISO 8601 instant in UTC; null for undefined. */
export function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}
