import type { ConnectorError } from "../errors.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import { LAST_DAY_MS } from "./quantities.ts";
import { quoteName, type Store, type Value } from "./store.ts";
import type { Changes } from "./table-writer.ts";

/** Days that a summary looks at. */
const DAYS = 14;

/** What a stream's table holds. */
export interface Holdings {
  readonly sessions: number;
  /** Unix ms of the first and the last start; undefined where there is none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Sessions of the last days that had any, by date (YYYY-MM-DD, UTC), in order. */
  readonly days: ReadonlyMap<string, number>;
}

/** What became of an export, or of one stream in it. */
export type Status = "complete" | "failed" | "stopped";

/** What the export of a stream came to. */
export interface StreamSummary {
  readonly stream: string;
  readonly status: Status;
  /** Undefined for a pipe. */
  readonly file: string | undefined;
  readonly table: string | undefined;
  /** Sessions that came. */
  readonly written: number;
  /** Undefined for a pipe, and where nothing could begin. */
  readonly changes: Readonly<Changes> | undefined;
  /** Undefined for a pipe, and where the export was not complete. */
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

/** What a stream's table holds. */
export async function holdingsOf(store: Store, { name, cursorField }: StreamDefinition): Promise<Holdings> {
  const start = quoteName(cursorField);
  const dated = `${start} BETWEEN 0 AND ${LAST_DAY_MS}`;
  const [row] = await store.rows(
    `SELECT count(*), min(${start}) FILTER (${dated}), max(${start}) FILTER (${dated}) FROM ${quoteName(name)}`,
  );
  const days = await store.rows(`
    SELECT strftime(make_timestamp(${start} * 1000), '%Y-%m-%d') AS day, count(*)
    FROM ${quoteName(name)} WHERE ${dated}
    GROUP BY day ORDER BY day DESC LIMIT ${DAYS}`);
  return {
    sessions: numberIn(row?.[0]) ?? 0,
    first: numberIn(row?.[1]),
    last: numberIn(row?.[2]),
    days: new Map(days.toReversed().map(([day, count]) => [String(day), Number(count)])),
  };
}

function numberIn(value: Value | undefined): number | undefined {
  return typeof value === "bigint" ? Number(value) : undefined;
}

/** The summary as the JSON object that --json prints; what is unknown is null. */
export function summaryJson({ status, streams, requests, ms }: Summary): object {
  return { status, seconds: seconds(ms), requests, streams: streams.map(streamJson) };
}

function streamJson(summary: StreamSummary): object {
  const { stream, status, file, table, written, changes, holdings, requests, ms, failure } = summary;
  return {
    stream,
    status,
    file: file ?? null,
    table: table ?? null,
    written,
    new: changes?.added ?? null,
    changed: changes?.changed ?? null,
    gone: changes?.gone ?? null,
    sessions: holdings?.sessions ?? null,
    first_session: instant(holdings?.first),
    last_session: instant(holdings?.last),
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
  return ms === undefined ? null : new Date(ms).toISOString();
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}
