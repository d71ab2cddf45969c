import type { Wait } from "../browsee/client.ts";
import type { ConnectorError } from "../errors.ts";
import type { AirbyteStreamStatus, AirbyteStreamStatusTraceMessage } from "../generated/airbyte-protocol.ts";
import {
  errorLine,
  type LogLevel,
  logLine,
  messageLine,
  recordLines,
  traceLine,
} from "../protocol/messages.ts";
import type { Redact } from "../redact.ts";
import type { OutputRecord } from "../sync/page.ts";
import type { Context } from "./context.ts";

/** Shorter waits are not worth a line. */
const VISIBLE_WAIT_MS = 1000;

/** All messages about one stream. */
export type StreamMessages = ReturnType<typeof createStreamMessages>;

/** All messages about one stream. @param stream its name */
export function createStreamMessages(
  { out, now }: Pick<Context, "out" | "now">,
  stream: string,
  redact: Redact,
) {
  let recordsSinceState = 0;
  let status: AirbyteStreamStatus | undefined;
  let throttled = false;

  const descriptor = { name: stream };
  const write = (...lines: readonly string[]) => out.write(lines);
  const log = (level: LogLevel, text: string) => write(logLine(level, redact(`${stream}: ${text}`)));

  /** @param quotaReset Unix ms, given while the API throttles */
  function statusLine(status: AirbyteStreamStatus, quotaReset?: number): string {
    const body: AirbyteStreamStatusTraceMessage = { stream_descriptor: descriptor, status };
    if (quotaReset !== undefined)
      body.reasons = [{ type: "RATE_LIMITED", rate_limited: { quota_reset: quotaReset } }];
    return traceLine(now(), { type: "STREAM_STATUS", stream_status: body });
  }

  /** Comes with the first record, and again when the API no longer throttles. */
  function running(): string {
    status = "RUNNING";
    throttled = false;
    return statusLine("RUNNING");
  }

  return {
    log,
    async status(next: AirbyteStreamStatus) {
      status = next;
      await write(statusLine(next));
    },
    async records(batch: readonly OutputRecord[]) {
      if (batch.length === 0) return;
      recordsSinceState += batch.length;
      const line = recordLines(stream, now());
      const lines = batch.map(({ json, nulled }) => line(json, nulled));
      if (status !== "RUNNING" || throttled) lines.unshift(running());
      await out.write(lines);
    },
    async state(state: object) {
      const sourceStats = { recordCount: recordsSinceState };
      recordsSinceState = 0;
      const body = { stream_descriptor: descriptor, stream_state: state };
      await write(messageLine({ type: "STATE", state: { type: "STREAM", stream: body, sourceStats } }));
    },
    estimate(rows: number) {
      const estimate = { name: stream, type: "STREAM", row_estimate: rows } as const;
      return write(traceLine(now(), { type: "ESTIMATE", estimate }));
    },
    /** The client waits before it asks again. */
    waiting({ ms, attempts, failure }: Wait) {
      if (ms < VISIBLE_WAIT_MS) return;
      if (failure.kind === "busy" || failure.retryAfterMs !== undefined) {
        throttled = true;
        void write(statusLine("RUNNING", now() + ms));
      }
      const failed = attempts === 0 ? "" : `attempt ${attempts} failed, `;
      void log("WARN", `${failure.message}; ${failed}asking again in ${(ms / 1000).toFixed(1)} s`);
    },
    /** The stream ends here for an error. */
    async failed(error: ConnectorError) {
      await write(statusLine("INCOMPLETE"), errorLine(error, redact, now(), stream));
    },
  };
}
