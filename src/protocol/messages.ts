import type { ConnectorError } from "../errors.ts";
import type {
  AirbyteErrorTraceMessage,
  AirbyteMessage,
  AirbyteRecordMessageMeta,
  AirbyteTraceMessage,
} from "../generated/airbyte-protocol.ts";
import { toJsonText } from "../json.ts";
import type { Redact } from "../redact.ts";

/** Those that this source uses (AirbyteLogMessage.level). */
export type LogLevel = "WARN" | "INFO";

/** Any message but RECORD, as a line: the compiler holds it against the protocol. */
export function messageLine(message: AirbyteMessage): string {
  return toJsonText(message);
}

/** LOG (AirbyteLogMessage). */
export function logLine(level: LogLevel, message: string): string {
  return messageLine({ type: "LOG", log: { level, message } });
}

/** TRACE (AirbyteTraceMessage). @param emittedAt Unix ms */
export function traceLine(emittedAt: number, trace: Omit<AirbyteTraceMessage, "emitted_at">): string {
  return messageLine({ type: "TRACE", trace: { emitted_at: emittedAt, ...trace } });
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
