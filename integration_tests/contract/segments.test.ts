import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, lastStates, readFrom } from "../connector.ts";
import { expectedRecord, withoutKey } from "../expected-record.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import { isObject } from "../fake-api/json.ts";
import type { FakeApi } from "../fake-api/server.ts";

const GENERATED = { count: 1500, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) };
const MOBILE = "mobile-visitors";
const CAMPAIGNS = "from-campaigns";
const streams = { segment_sessions: {} };

const start = apiStarter({ generated: GENERATED });

function readSegments(
  running: FakeApi,
  segment_ids: readonly string[],
  state: unknown = [],
): Promise<ConnectorRun> {
  return readFrom(running, { streams, state, config: { segment_ids } });
}

function countBySegment({ records }: ConnectorRun): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { data } of records) {
    const segment = String(data["segmentId"]);
    counts[segment] = (counts[segment] ?? 0) + 1;
  }
  return counts;
}

function trueCount(running: FakeApi, segmentId: string): number {
  return [...running.handle.truth({ segmentId })].length;
}

/** The entries of the last state, by segment. */
function cursors(run: ConnectorRun): Map<unknown, unknown> {
  const entries = lastStates(run)[0]?.stream.stream_state["states"];
  if (!Array.isArray(entries)) throw new Error("no states");
  return new Map(
    entries.map((entry: unknown) => {
      const partition = isObject(entry) ? entry["partition"] : undefined;
      expect(Object.keys(Object(entry)).sort()).toEqual(["cursor", "partition"]);
      expect(Object.keys(Object(partition))).toEqual(["segmentId"]);
      return [Reflect.get(Object(partition), "segmentId"), Reflect.get(Object(entry), "cursor")];
    }),
  );
}

describe("segment_sessions", () => {
  it("has the same fields and segmentId: each segment's sessions, whole", async () => {
    const running = await start();
    const run = await readSegments(running, [MOBILE, CAMPAIGNS]);
    for (const segmentId of [MOBILE, CAMPAIGNS]) {
      const truth = [...running.handle.truth({ segmentId })].map(({ row }) => ({
        ...expectedRecord(row),
        segmentId,
      }));
      const records = run.records
        .map(({ data }) => withoutKey(data))
        .filter((data) => data["segmentId"] === segmentId);
      expect(records).toEqual(truth);
      expect(truth.length).toBeGreaterThan(100);
    }
    const keys = run.records.map(({ data }) => `${data["segmentId"]} ${data["sessionKey"]}`);
    expect(new Set(keys).size).toBe(run.records.length);
  });

  it("is not read where segment_ids is not set: config or catalog has to change", async () => {
    const run = await readFrom(await start(), { streams });
    expect(run.errors).toMatchObject([
      { failure_type: "config_error", message: expect.stringMatching(/segment_sessions.*segment_ids/) },
    ]);
    expect(run.code).toBe(1);
  });
});

describe('state of segment_sessions: {"states": [{"partition": {"segmentId": "…"}, "cursor": {…}}]}', () => {
  it("has a cursor for each segment, and the next sync brings nothing", async () => {
    const running = await start();
    const first = await readSegments(running, [MOBILE, CAMPAIGNS]);
    expect([...cursors(first).keys()]).toEqual([MOBILE, CAMPAIGNS]);
    for (const cursor of cursors(first).values()) {
      expect(cursor).toMatchObject({ timestamp: expect.any(Number) });
    }
    const second = await readSegments(running, [MOBILE, CAMPAIGNS], lastStates(first));
    expect(second).toMatchObject({ records: [], code: 0 });
    expect([...cursors(second).keys()]).toEqual([MOBILE, CAMPAIGNS]);
  });

  it("lets a new segment start at start_date, and the others go on", async () => {
    const running = await start();
    const first = await readSegments(running, [MOBILE]);
    const second = await readSegments(running, [CAMPAIGNS, MOBILE], lastStates(first));
    expect(countBySegment(second)).toEqual({ [CAMPAIGNS]: trueCount(running, CAMPAIGNS) });
  });

  it("keeps a removed segment's cursor aside, with which it goes on when it comes back", async () => {
    const running = await start();
    const first = await readSegments(running, [MOBILE, CAMPAIGNS]);
    const second = await readSegments(running, [MOBILE], lastStates(first));
    expect(cursors(second).get(CAMPAIGNS)).toEqual(cursors(first).get(CAMPAIGNS));
    const third = await readSegments(running, [MOBILE, CAMPAIGNS], lastStates(second));
    expect(third).toMatchObject({ records: [], code: 0 });
  });

  it("takes a bare timestamp for each segment", async () => {
    const running = await start();
    const timestamp = Date.UTC(2024, 1, 1);
    const state = {
      type: "STREAM",
      stream: {
        stream_descriptor: { name: "segment_sessions" },
        stream_state: { states: [{ partition: { segmentId: MOBILE }, cursor: { timestamp } }] },
      },
    };
    const run = await readSegments(running, [MOBILE], state);
    const expected = [...running.handle.truth({ segmentId: MOBILE, start: timestamp - 86_400_000 })];
    expect(run.records).toHaveLength(expected.length);
  });

  it("carries what was read of the segments before when one is half read", async () => {
    const running = await start({ generated: { ...GENERATED, count: 8000 } });
    const run = await readSegments(running, [CAMPAIGNS, MOBILE]);
    const half = run.states.find(({ stream }) => JSON.stringify(stream.stream_state).includes('"slice"'));
    expect(half).toBeDefined();
    const rest = await readSegments(running, [CAMPAIGNS, MOBILE], half);
    expect(rest.code).toBe(0);
    expect(rest.records.length).toBeLessThan(run.records.length);
    expect([...cursors(rest).keys()]).toEqual([CAMPAIGNS, MOBILE]);
  });
});
