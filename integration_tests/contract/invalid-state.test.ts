import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readFrom } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";

const T = Date.UTC(2024, 1, 1);

let api: FakeApi;

beforeAll(async () => {
  api = await startFakeApi({ generated: { count: 10, from: T, to: T + 1000 } });
});

afterAll(() => api.close());

function stateOf(stream_state: unknown, name = "sessions"): object {
  return { type: "STREAM", stream: { stream_descriptor: { name }, stream_state } };
}

// Which ones: unit_tests/protocol/state.test.ts and unit_tests/streams/stream-state.test.ts.
describe("--state: a state nobody could have written is a config_error that says to reset", () => {
  const segments = { config: { segment_ids: ["mobile-visitors"] }, streams: { segment_sessions: {} } };
  it.each([
    ["the file", [{ type: "LEGACY", data: { sessions: { timestamp: T } } }], {}],
    ["sessions", [stateOf({ timestamp: String(T) })], {}],
    ["segment_sessions", [stateOf({ timestamp: T }, "segment_sessions")], segments],
  ] as const)("%s: %j", async (_where, state, choice) => {
    const run = await readFrom(api, { state, ...choice });
    expect(run.errors).toMatchObject([
      {
        failure_type: "config_error",
        message: expect.stringMatching(/reset/i),
        internal_message: expect.stringMatching(/^state_invalid: /),
      },
    ]);
    expect(run).toMatchObject({ code: 1, records: [], states: [], stderr: "" });
    expect(api.stats.requests).toBe(0);
  });
});
