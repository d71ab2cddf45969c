import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, lastStates, readFrom } from "../connector.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import type { Segments } from "../fake-api/segments.ts";
import type { FakeApi } from "../fake-api/server.ts";

const HOUR_MS = 3_600_000;
const SESSIONS = 4000;
const MOST_STATE_BYTES = 64 * 1024;
const streams = { segment_sessions: {} };

const start = apiStarter();

/** Ten segments with a tenth of all sessions each, and 190 small ones; their ids are as long as Browsee's. */
const SEGMENTS: Segments = Object.fromEntries(
  Array.from({ length: 200 }, (_, n) => [
    `65b2f0a1c3d4e5f6a7b80${String(n).padStart(3, "0")}`,
    ({ timestamp }) =>
      typeof timestamp === "number" && (n < 10 ? timestamp % 10 === n : timestamp % 190 === n - 10),
  ]),
);
const CONFIG = { segment_ids: Object.keys(SEGMENTS) };

function readSegments(running: FakeApi, state: unknown = []): Promise<ConnectorRun> {
  return readFrom(running, { streams, config: CONFIG, state });
}

function keysOf({ records }: ConnectorRun): readonly string[] {
  return records.map(({ data }) => `${data["segmentId"]} ${data["sessionKey"]}`);
}

/** Holds the number of states, and the size of each, against what is due. @param rows that the API gave */
function expectFewSmallStates({ states }: ConnectorRun, rows: number): void {
  expect(states.length).toBeLessThanOrEqual(Math.ceil((1.2 * rows) / 1000) + 2);
  for (const state of states) expect(JSON.stringify(state).length).toBeLessThan(MOST_STATE_BYTES);
}

describe("segment_sessions: 200 segments", () => {
  it("write a STATE when one is due, under 64 kB each, and send again little beside what has changed", async () => {
    const now = Date.now();
    const generated = { count: SESSIONS, from: now - 22 * HOUR_MS, to: now - 2000 };
    const running = await start({ segments: SEGMENTS, generated });
    const first = await readSegments(running);
    expect(new Set(keysOf(first)).size).toBe(2 * SESSIONS);
    expect(first.records).toHaveLength(2 * SESSIONS);
    expectFewSmallStates(first, 2 * SESSIONS);

    const second = await readSegments(running, lastStates(first));
    expect(second).toMatchObject({ records: [], code: 0 });
    expectFewSmallStates(second, 2 * SESSIONS);

    const changed = new Set<unknown>();
    for (let nth = SESSIONS / 20; nth < SESSIONS; nth += SESSIONS / 10) {
      const [id] = running.handle.change({ nth }, { duration: 123_456_789 });
      changed.add(id);
    }
    expect(changed.size).toBe(10);
    const third = await readSegments(running, lastStates(second));
    const news = third.records.filter(({ data }) => data["duration"] === 123_456_789);
    expect(news).toHaveLength(2 * changed.size);
    expect(third.records.length - news.length).toBeLessThanOrEqual(500);
    expectFewSmallStates(third, 2 * SESSIONS);
  });

  it("go on from a state in the middle of a first sync", async () => {
    const generated = { count: 3000, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 0, 2) };
    const running = await start({ segments: SEGMENTS, generated });
    const whole = await readSegments(running);
    const all = new Set(keysOf(whole));
    const place = whole.messages.flatMap((message, at) => (message.type === "STATE" ? at : []))[2] ?? 0;
    const before = whole.messages
      .slice(0, place)
      .flatMap((message) => (message.type === "RECORD" ? message.record : []));
    const rest = await readSegments(running, whole.states[2]);
    const keys = keysOf(rest);
    expect(new Set([...keysOf({ ...whole, records: before }), ...keys])).toEqual(all);
    expect(keys.length + before.length).toBeLessThanOrEqual(all.size + 100);
  });
});

describe("segment_sessions: a segment that the API refuses", () => {
  const generated = { count: 300, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) };
  const KNOWN = ["mobile-visitors", "from-campaigns"];

  it("is told at the end, by its name, after the others were read", async () => {
    const running = await start({ generated });
    const segment_ids = [KNOWN[0], "no-such-segment", KNOWN[1]];
    const run = await readFrom(running, { streams, config: { segment_ids } });
    expect(run.errors).toMatchObject([
      {
        failure_type: "config_error",
        stream_descriptor: { name: "segment_sessions" },
        message: expect.stringMatching(/no-such-segment.*Segment not found/),
      },
    ]);
    expect(run.code).toBe(1);
    const statuses = run.messages.flatMap((message) =>
      message.type === "TRACE" ? (message.trace.stream_status?.status ?? []) : [],
    );
    expect(statuses).toEqual(["STARTED", "RUNNING", "INCOMPLETE"]);
    for (const segmentId of KNOWN) {
      const truth = [...running.handle.truth({ segmentId })];
      expect(truth.length).toBeGreaterThan(20);
      expect(run.records.filter(({ data }) => data["segmentId"] === segmentId)).toHaveLength(truth.length);
    }
    const next = await readFrom(running, { streams, config: { segment_ids: KNOWN }, state: lastStates(run) });
    expect(next).toMatchObject({ records: [], code: 0 });
  });

  it("is named where others are refused too", async () => {
    const running = await start({ generated });
    const segment_ids = ["one", "mobile-visitors", "another"];
    const { errors } = await readFrom(running, { streams, config: { segment_ids } });
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toMatch(/"one".*"another"/);
  });

  it("begins at start_date once the API knows it", async () => {
    const running = await start({ generated });
    const refused = await readFrom(running, { streams, config: { segment_ids: [KNOWN[0], "later"] } });
    await running.close();
    const segments: Segments = { "mobile-visitors": () => false, later: () => true };
    const now = await start({ generated, segments });
    const config = { segment_ids: [KNOWN[0], "later"] };
    const run = await readFrom(now, { streams, config, state: lastStates(refused) });
    expect(run.records.filter(({ data }) => data["segmentId"] === "later")).toHaveLength(300);
    expect(run.code).toBe(0);
  });
});
