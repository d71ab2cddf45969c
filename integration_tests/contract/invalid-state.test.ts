import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { readFrom } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";

const T = Date.UTC(2024, 1, 1);
const SLICE = { start: 1_704_067_200, end: 1_709_251_200, offset: 5, total: 10 };

let api: FakeApi;

beforeAll(async () => {
  api = await startFakeApi({ generated: { count: 10, from: T, to: T + 1000 } });
});

afterAll(() => api.close());

function stateOf(stream_state: unknown, name = "sessions"): object {
  return { type: "STREAM", stream: { stream_descriptor: { name }, stream_state } };
}

const FILES: readonly unknown[] = [
  5,
  true,
  null,
  '"text"',
  [5],
  [null],
  ["text"],
  [[stateOf({ timestamp: T })]],
  { sessions: { timestamp: T } },
  { timestamp: T },
  [{ type: "LEGACY", data: { sessions: { timestamp: T } } }],
  [{ type: "GLOBAL", global: { stream_states: [] } }],
  [{ type: "STREAM" }],
  [{ type: "STREAM", stream: {} }],
  [{ type: "STREAM", stream: { stream_descriptor: {} } }],
  [{ type: "STREAM", stream: { stream_descriptor: { name: 5 }, stream_state: {} } }],
];

const BLOBS: readonly unknown[] = [
  "text",
  5,
  [],
  { timestamp: String(T) },
  { timestamp: "2024-02-01T00:00:00Z" },
  { timestamp: null },
  { timestamp: true },
  { timestamp: [T] },
  { timestamp: {} },
  { timestamp: -1 },
  { timestamp: T + 0.5 },
  { slice: SLICE },
  { timestamp: T, slice: 5 },
  { timestamp: T, slice: [] },
  { timestamp: T, slice: {} },
  { timestamp: T, slice: { ...SLICE, start: SLICE.end } },
  { timestamp: T, slice: { ...SLICE, end: "later" } },
  { timestamp: T, slice: { ...SLICE, offset: -1 } },
  { timestamp: T, slice: { ...SLICE, offset: 11 } },
  { timestamp: T, slice: { ...SLICE, total: undefined } },
];

const ENTRIES: readonly unknown[] = [
  { timestamp: T },
  { states: {} },
  { states: "text" },
  { states: [5] },
  { states: [null] },
  { states: [{}] },
  { states: [{ cursor: { timestamp: T } }] },
  { states: [{ partition: "mobile-visitors", cursor: { timestamp: T } }] },
  { states: [{ partition: { segmentId: "mobile-visitors" }, cursor: { timestamp: -1 } }] },
  { states: [{ partition: { segmentId: "mobile-visitors" }, cursor: 5 }] },
];

describe("--state: a state nobody could have written is a config_error that says to reset", () => {
  const segments = { config: { segment_ids: ["mobile-visitors"] }, streams: { segment_sessions: {} } };
  it.each([
    ...FILES.map((state) => ["file", state, {}] as const),
    ...BLOBS.map((blob) => ["sessions", [stateOf(blob)], {}] as const),
    ...ENTRIES.map((blob) => ["segment_sessions", [stateOf(blob, "segment_sessions")], segments] as const),
  ])("%s: %j", async (_where, state, choice) => {
    const run = await readFrom(api, { state, ...choice });
    expect(run.errors).toMatchObject([
      {
        failure_type: "config_error",
        message: expect.stringMatching(/reset/i),
        internal_message: expect.stringMatching(/^state_invalid: /),
      },
    ]);
    expect(run).toMatchObject({ code: 1, records: [], states: [], stderr: "" });
  });

  it("asks the API for nothing", () => {
    expect(api.stats.requests).toBe(0);
  });
});
