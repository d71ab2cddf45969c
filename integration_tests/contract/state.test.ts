import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectorRun, lastStates, readFrom } from "../connector.ts";
import { isObject } from "../fake-api/json.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";

const HOUR_MS = 3_600_000;
const FROM = Date.UTC(2024, 0, 1);
const TO = Date.UTC(2024, 2, 1);
const COUNT = 1500;

let api: FakeApi;

beforeAll(async () => {
  api = await startFakeApi({ generated: { count: COUNT, from: FROM, to: TO } });
});

afterAll(() => api.close());

/** A state message of the stream sessions. */
function stateOf(stream_state: unknown, name = "sessions"): object {
  return { type: "STREAM", stream: { stream_descriptor: { name }, stream_state } };
}

function startsFrom(moment: number): number {
  return [...api.handle.truth({ start: moment })].length;
}

function oldest({ records }: ConnectorRun): number {
  return Math.min(...records.map(({ data }) => Number(data["timestamp"])));
}

describe("--state: forms that are taken", () => {
  const MIDDLE = Date.UTC(2024, 1, 1);
  const SINCE = MIDDLE - 24 * HOUR_MS;

  it("[], as at the first sync", async () => {
    expect((await readFrom(api, { state: [] })).records).toHaveLength(COUNT);
  });

  it.each([
    ["one object", stateOf({ timestamp: MIDDLE })],
    [
      "with unknown keys, beside states of other streams and of streams that are gone",
      [
        stateOf({ x: 1 }, "gone"),
        stateOf({ states: [] }, "segment_sessions"),
        stateOf({ timestamp: MIDDLE, other: { deep: [1] }, slice: null }),
      ],
    ],
    [
      "with the nulls that some platforms add",
      [
        {
          type: "STREAM",
          stream: {
            stream_descriptor: { name: "sessions", namespace: null },
            stream_state: { timestamp: MIDDLE },
          },
          global: null,
          global_: null,
          data: null,
          sourceStats: { recordCount: 0.0 },
          destinationStats: null,
        },
      ],
    ],
  ])("timestamp alone is a valid state: %s", async (_form, state) => {
    const run = await readFrom(api, { state });
    expect(run.code).toBe(0);
    expect(run.records).toHaveLength(startsFrom(SINCE));
    expect(oldest(run)).toBeGreaterThanOrEqual(SINCE);
  });

  it.each([
    ["only of streams that are gone", [stateOf({ anything: [1] }, "gone")]],
    ["null for the stream", [stateOf(null)]],
  ])("%s: everything is read", async (_form, state) => {
    const run = await readFrom(api, { state });
    expect(run.code).toBe(0);
    expect(run.records).toHaveLength(COUNT);
  });

  it("with a slice of the contract's keys alone, which is read again", async () => {
    const slice = { start: FROM / 1000, end: TO / 1000, offset: 500, total: COUNT };
    const run = await readFrom(api, { state: [stateOf({ timestamp: FROM, slice })] });
    expect(run.code).toBe(0);
    expect(run.records).toHaveLength(COUNT);
  });

  it("with lookback 0, timestamp says that every session that started before it has been written", async () => {
    const run = await readFrom(api, {
      state: [stateOf({ timestamp: MIDDLE })],
      config: { lookback_window_hours: 0 },
    });
    expect(run.records).toHaveLength(startsFrom(MIDDLE));
    expect(oldest(run)).toBeGreaterThanOrEqual(MIDDLE);
  });
});

describe("--state: a cursor in the future", () => {
  it.each([
    ["an hour", Date.now() + HOUR_MS],
    ["as far as a number goes", Number.MAX_SAFE_INTEGER],
  ])("%s: no records, one STATE, exit 0", async (_far, timestamp) => {
    const run = await readFrom(api, { state: [stateOf({ timestamp })] });
    expect(run).toMatchObject({ records: [], code: 0 });
    expect(run.states).toMatchObject([
      { stream: { stream_state: { timestamp } }, sourceStats: { recordCount: 0 } },
    ]);
  });
});

describe("state that is written", () => {
  it("timestamp: every session that started before it has been written", async () => {
    const run = await readFrom(api, { config: { start_date: "2023-12-01T00:00:00Z" } });
    let written = 0;
    for (const message of run.messages) {
      if (message.type === "RECORD") written += 1;
      if (message.type !== "STATE") continue;
      const timestamp = Number(message.state.stream.stream_state["timestamp"]);
      expect([...api.handle.truth({ end: timestamp })].length).toBeLessThanOrEqual(written);
    }
    const [last] = lastStates(run);
    expect(last?.stream.stream_state["timestamp"]).toBeGreaterThan(TO);
    expect(last?.stream.stream_state).not.toHaveProperty("slice");
  });

  it("slice: present while the window is half read; start = where reading goes on, offset = sessions dealt with", async () => {
    const run = await readFrom(api, { config: { start_date: "2023-12-01T00:00:00Z" } });
    const [first, ...others] = run.states.map(({ stream }) => stream.stream_state);
    expect(others.length).toBeGreaterThanOrEqual(1);
    const { timestamp, slice } = first ?? {};
    const { start, offset, total, end } = isObject(slice) ? slice : {};
    expect(timestamp).toBe(Number(start) * 1000);
    expect(total).toBe(COUNT);
    expect(offset).toBeGreaterThanOrEqual([...api.handle.truth({ end: Number(timestamp) })].length);
    expect(offset).toBeLessThanOrEqual(run.states[0]?.sourceStats.recordCount ?? 0);
    expect(end).toBe(Number(others.at(-1)?.["timestamp"]) / 1000);
    expect(others.at(-1)).not.toHaveProperty("slice");
  });

  it("is a few kB at most, however busy the day was", async () => {
    const now = Date.now();
    const busy = await startFakeApi({
      generated: { count: 9000, from: now - 23 * HOUR_MS, to: now - 2000 },
    });
    try {
      const run = await readFrom(busy);
      for (const state of run.states) expect(JSON.stringify(state).length).toBeLessThan(10_000);
    } finally {
      await busy.close();
    }
  });
});
