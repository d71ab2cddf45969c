import type { ConnectorError } from "../errors.ts";
import type {
  AirbyteErrorTraceMessage,
  AirbyteMessage,
  AirbyteRecordMessageMeta,
  AirbyteStream,
  AirbyteStreamState,
  AirbyteStreamStatus,
  AirbyteStreamStatusTraceMessage,
  AirbyteTraceMessage,
  ConnectorSpecification,
} from "../generated/airbyte-protocol.ts";
import { toJsonText } from "../json.ts";
import type { Redact } from "../redact.ts";

/** Those that this source uses (AirbyteLogMessage.level). */
export type LogLevel = "WARN" | "INFO";

/** LOG (AirbyteLogMessage). */
export function logLine(level: LogLevel, message: string): string {
  return line({ type: "LOG", log: { level, message } });
}

/** SPEC (ConnectorSpecification). */
export function specLine(spec: ConnectorSpecification): string {
  return line({ type: "SPEC", spec });
}

/** CONNECTION_STATUS (AirbyteConnectionStatus): FAILED with a message, SUCCEEDED without. */
export function connectionStatusLine(failure?: string): string {
  return line({
    type: "CONNECTION_STATUS",
    connectionStatus:
      failure === undefined ? { status: "SUCCEEDED" } : { status: "FAILED", message: failure },
  });
}

/** CATALOG (AirbyteCatalog). */
export function catalogLine(streams: AirbyteStream[]): string {
  return line({ type: "CATALOG", catalog: { streams } });
}

/**
 * RECORD lines of a stream (AirbyteRecordMessage).
 * @param emittedAt Unix ms
 * @returns a function of the data as JSON, and of the fields that were set to null
 */
export function recordLines(
  stream: string,
  emittedAt: number,
): (json: string, nulled: readonly string[]) => string {
  const head = `{"type":"RECORD","record":{"stream":${JSON.stringify(stream)},"emitted_at":${emittedAt},"data":`;
  return (json, nulled) => `${head}${json}${nulled.length === 0 ? "" : `,"meta":${metaOf(nulled)}`}}}`;
}

/** AirbyteRecordMessageMeta: each field that is null because its value could not be converted. */
function metaOf(nulled: readonly string[]): string {
  const meta: AirbyteRecordMessageMeta = {
    changes: nulled.map((field) => ({ field, change: "NULLED", reason: "SOURCE_SERIALIZATION_ERROR" })),
  };
  return JSON.stringify(meta);
}

/**
 * STATE of type STREAM (AirbyteStateMessage).
 * @param recordCount records of the stream since its STATE before
 */
export function stateLine(stream: string, state: object, recordCount: number): string {
  const body: AirbyteStreamState = { stream_descriptor: { name: stream }, stream_state: state };
  return line({ type: "STATE", state: { type: "STREAM", stream: body, sourceStats: { recordCount } } });
}

/**
 * TRACE STREAM_STATUS.
 * @param emittedAt Unix ms
 * @param quotaReset Unix ms, given while the API throttles: reason RATE_LIMITED
 */
export function statusLine(
  stream: string,
  status: AirbyteStreamStatus,
  emittedAt: number,
  quotaReset?: number,
): string {
  const body: AirbyteStreamStatusTraceMessage = { stream_descriptor: { name: stream }, status };
  if (quotaReset !== undefined)
    body.reasons = [{ type: "RATE_LIMITED", rate_limited: { quota_reset: quotaReset } }];
  return traceLine(emittedAt, { type: "STREAM_STATUS", stream_status: body });
}

/** TRACE ESTIMATE of a stream's records in this sync. */
export function estimateLine(stream: string, rows: number, emittedAt: number): string {
  const estimate = { name: stream, type: "STREAM", row_estimate: rows } as const;
  return traceLine(emittedAt, { type: "ESTIMATE", estimate });
}

/** TRACE ERROR (AirbyteErrorTraceMessage). @param stream that failed; undefined where it was none in particular */
export function errorLine(
  { code, failureType, message, detail }: ConnectorError,
  redact: Redact,
  emittedAt: number,
  stream?: string,
): string {
  const error: AirbyteErrorTraceMessage = {
    message: redact(message),
    internal_message: redact(`${code}: ${detail}`),
    failure_type: failureType,
    ...(stream !== undefined && { stream_descriptor: { name: stream } }),
  };
  return traceLine(emittedAt, { type: "ERROR", error });
}

function traceLine(emittedAt: number, trace: Omit<AirbyteTraceMessage, "emitted_at">): string {
  return line({ type: "TRACE", trace: { emitted_at: emittedAt, ...trace } });
}

/** Every message but RECORD, so that the compiler holds it against the protocol. */
function line(message: AirbyteMessage): string {
  return toJsonText(message);
}
