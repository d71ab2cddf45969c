import { describe, expect, it } from "@jest/globals";
import type { Message } from "../../integration_tests/message.ts";
import { parseMessage } from "../../integration_tests/parse-messages.ts";
import { RetriableFailure } from "../../src/browsee/retry.ts";
import { createStreamMessages } from "../../src/commands/stream-messages.ts";
import { configError } from "../../src/errors.ts";
import type { OutputRecord } from "../../src/sync/page.ts";

const NOW = Date.UTC(2024, 1, 1);
const JSON_TEXT = '{"sessionKey":"k"}';
const ROW: OutputRecord = { key: "k", start: NOW, json: JSON_TEXT, nulled: [] };

/** The messages of a stream, and what has been written so far. */
function start() {
  const written: Message[] = [];
  const out = {
    gone: new AbortController().signal,
    write: async (lines: readonly string[]) => void written.push(...lines.map(parseMessage)),
  };
  const messages = createStreamMessages({ out, now: () => NOW }, "s", (text) =>
    text.replaceAll("hush", "***"),
  );
  return { messages, written };
}

function statuses(written: readonly Message[]): readonly unknown[] {
  return written.flatMap((message) =>
    message.type === "TRACE" && message.trace.stream_status !== undefined
      ? [
          message.trace.stream_status.reasons === undefined
            ? message.trace.stream_status.status
            : "RATE_LIMITED",
        ]
      : [],
  );
}

describe("createStreamMessages", () => {
  it("says RUNNING with the first record, and not again", async () => {
    const { messages, written } = start();
    await messages.status("STARTED");
    await messages.records([]);
    expect(statuses(written)).toEqual(["STARTED"]);
    await messages.records([ROW]);
    await messages.records([ROW, ROW]);
    await messages.status("COMPLETE");
    expect(written.map(({ type }) => type)).toEqual([
      "TRACE",
      "TRACE",
      "RECORD",
      "RECORD",
      "RECORD",
      "TRACE",
    ]);
    expect(statuses(written)).toEqual(["STARTED", "RUNNING", "COMPLETE"]);
  });

  it("counts the records since the state before", async () => {
    const { messages, written } = start();
    await messages.records([ROW, ROW]);
    await messages.records([ROW]);
    await messages.state({ timestamp: 1 });
    await messages.state({ timestamp: 2 });
    const states = written.flatMap((message) => (message.type === "STATE" ? message.state : []));
    const state = { type: "STREAM", stream: { stream_descriptor: { name: "s" } } };
    expect(states).toMatchObject([
      { ...state, sourceStats: { recordCount: 3 } },
      { ...state, sourceStats: { recordCount: 0 } },
    ]);
    expect(states.map(({ stream }) => stream.stream_state)).toEqual([{ timestamp: 1 }, { timestamp: 2 }]);
  });

  it("says RATE_LIMITED while the API throttles, and RUNNING when records come again", async () => {
    const { messages, written } = start();
    await messages.records([ROW]);
    messages.waiting({
      ms: 5000,
      attempts: 1,
      leftMs: 60_000,
      failure: new RetriableFailure("busy", "open request"),
    });
    await messages.records([ROW]);
    expect(statuses(written)).toEqual(["RUNNING", "RATE_LIMITED", "RUNNING"]);
  });

  it("ends with INCOMPLETE and the error, without secrets", async () => {
    const { messages, written } = start();
    await messages.log("WARN", "hush is in it");
    await messages.failed(configError("unauthorized", "Not with hush.", "hush, hush"));
    expect(written).toMatchObject([
      { log: { message: "s: *** is in it" } },
      { trace: { stream_status: { status: "INCOMPLETE" } } },
      {
        trace: {
          error: {
            message: "Not with ***.",
            internal_message: "unauthorized: ***, ***",
            failure_type: "config_error",
            stream_descriptor: { name: "s" },
          },
        },
      },
    ]);
  });
});
