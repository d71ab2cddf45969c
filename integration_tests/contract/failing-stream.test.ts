import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, readFrom } from "../connector.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import type { FaultRule } from "../fake-api/faults.ts";

const GENERATED = { count: 300, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) };
const streams = { segment_sessions: {}, sessions: {} };

const start = apiStarter({ generated: GENERATED });

async function readWith(faults: readonly FaultRule[], segment_ids: readonly string[]): Promise<ConnectorRun> {
  return readFrom(await start({ faults }), { streams, config: { segment_ids, retry_deadline_seconds: 0 } });
}

/** The last status of each stream. */
function outcomes({ messages }: ConnectorRun): Readonly<Record<string, string>> {
  const statuses = messages.flatMap((message) =>
    message.type === "TRACE" ? (message.trace.stream_status ?? []) : [],
  );
  return Object.fromEntries(
    statuses.map(({ stream_descriptor, status }) => [stream_descriptor.name, status]),
  );
}

const segmentFails: FaultRule = {
  when: { matching: ({ segmentId }) => segmentId !== undefined },
  what: { kind: "status", status: 503, words: "Down for maintenance." },
};

describe("exit code 1: a stream that fails for a reason that may pass", () => {
  it("does not stop the next: transient_error with its stream_descriptor", async () => {
    const run = await readWith([segmentFails], ["mobile-visitors"]);
    expect(run.errors).toMatchObject([
      {
        failure_type: "transient_error",
        stream_descriptor: { name: "segment_sessions" },
        message: expect.stringContaining("Down for maintenance."),
      },
    ]);
    expect(outcomes(run)).toEqual({ segment_sessions: "INCOMPLETE", sessions: "COMPLETE" });
    expect(run.records.filter(({ stream }) => stream === "sessions")).toHaveLength(300);
    expect(run.code).toBe(1);
  });

  it("nor does one where the API broke its contract: system_error", async () => {
    const run = await readWith([{ ...segmentFails, what: { kind: "no-exports" } }], ["mobile-visitors"]);
    expect(run.errors).toMatchObject([
      { failure_type: "system_error", stream_descriptor: { name: "segment_sessions" } },
    ]);
    expect(outcomes(run)).toEqual({ segment_sessions: "INCOMPLETE", sessions: "COMPLETE" });
    expect(run.code).toBe(1);
  });

  it("keeps what was written by a STATE", async () => {
    const rule: FaultRule = {
      when: { matching: ({ segmentId }) => segmentId === "mobile-visitors" },
      what: { kind: "status", status: 503 },
    };
    const run = await readWith([rule], ["from-campaigns", "mobile-visitors"]);
    const segment = run.states.filter(({ stream }) => stream.stream_descriptor.name === "segment_sessions");
    expect(segment.at(-1)?.stream.stream_state).toMatchObject({
      states: expect.arrayContaining([
        {
          partition: { segmentId: "from-campaigns" },
          cursor: expect.objectContaining({ timestamp: expect.any(Number) }),
        },
      ]),
    });
  });
});

describe("exit code 1: a config_error stops all, since a person must change something", () => {
  it("an unknown segment: names it, and the streams after it are not read", async () => {
    const run = await readWith([], ["no-such-segment"]);
    expect(run.errors).toMatchObject([
      {
        failure_type: "config_error",
        stream_descriptor: { name: "segment_sessions" },
        message: expect.stringContaining("Segment not found."),
      },
    ]);
    expect(run.errors[0]?.message).toContain("no-such-segment");
    expect(outcomes(run)).toEqual({ segment_sessions: "INCOMPLETE" });
    expect(run).toMatchObject({ records: [], code: 1 });
  });

  it("wrong keys", async () => {
    const api = await start();
    const run = await readFrom(api, {
      streams,
      config: { segment_ids: ["mobile-visitors"], secret_key: "wrong" },
    });
    expect(run.errors).toMatchObject([
      { failure_type: "config_error", message: expect.stringContaining("Secret Key invalid.") },
    ]);
    expect(api.stats.requests).toBe(1);
    expect(run).toMatchObject({ records: [], code: 1 });
  });
});
