import type { Wait } from "../browsee/client.ts";
import type { ConnectorError } from "../errors.ts";
import type { AirbyteStreamStatus } from "../generated/airbyte-protocol.ts";
import {
  errorLine,
  estimateLine,
  type LogLevel,
  logLine,
  recordLines,
  stateLine,
  statusLine,
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

  const write = (...lines: readonly string[]) => out.write(lines);
  const log = (level: LogLevel, text: string) => write(logLine(level, redact(`${stream}: ${text}`)));

  /** Comes with the first record, and again when the API no longer throttles. */
  function running(): string {
    status = "RUNNING";
    throttled = false;
    return statusLine(stream, "RUNNING", now());
  }

  return {
    log,
    async status(next: AirbyteStreamStatus) {
      status = next;
      await write(statusLine(stream, next, now()));
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
      const count = recordsSinceState;
      recordsSinceState = 0;
      await write(stateLine(stream, state, count));
    },
    estimate: (rows: number) => write(estimateLine(stream, rows, now())),
    /** The client waits before it asks again. */
    waiting({ ms, attempts, failure }: Wait) {
      if (ms < VISIBLE_WAIT_MS) return;
      if (failure.kind === "busy" || failure.retryAfterMs !== undefined) {
        throttled = true;
        void write(statusLine(stream, "RUNNING", now(), now() + ms));
      }
      const failed = attempts === 0 ? "" : `attempt ${attempts} failed, `;
      void log("WARN", `${failure.message}; ${failed}asking again in ${(ms / 1000).toFixed(1)} s`);
    },
    /** The stream ends here for an error. */
    async failed(error: ConnectorError) {
      await write(statusLine(stream, "INCOMPLETE", now()), errorLine(error, redact, now(), stream));
    },
  };
}
