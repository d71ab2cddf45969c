import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseConfig } from "../../src/config.ts";
import { ConnectorError } from "../../src/errors.ts";
import { stream as segmentSessions } from "../../src/streams/segment-sessions.ts";
import { stream as sessions } from "../../src/streams/sessions.ts";
import { type Partition, partitionsOf } from "../../src/streams/stream.ts";
import { createStreamState } from "../../src/streams/stream-state.ts";

const KEYS = { api_key: "a", secret_key: "b" };
const T = Date.UTC(2024, 1, 1);
const SLICE = { start: 1_704_067_200, end: 1_709_251_200, offset: 5, total: 10 };

/** Cursors that nobody could have written, */
const CURSORS: readonly unknown[] = [
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

/** and lists of them. */
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
const SINGLE = partitionsOf(sessions, parseConfig(KEYS));

function segments(...segment_ids: readonly string[]): readonly Partition[] {
  return partitionsOf(segmentSessions, parseConfig({ ...KEYS, segment_ids }));
}

function entry(segmentId: string, timestamp: number): object {
  return { partition: { segmentId }, cursor: { timestamp } };
}

/** The cursors that the partitions begin with. */
function cursors(partitions: readonly Partition[], before: unknown): readonly unknown[] {
  const state = createStreamState(partitions, before);
  return partitions.map((partition) => state.cursorOf(partition)?.timestamp);
}

describe("createStreamState: a stream of one set", () => {
  it("has its cursor as state", () => {
    expect(cursors(SINGLE, { timestamp: T, unknown: 1 })).toEqual([T]);
    const [only] = SINGLE;
    if (only === undefined) throw new Error("no set");
    const state = createStreamState(SINGLE, {});
    expect(state.encode()).toEqual({});
    state.set(only, { timestamp: T, fingerprints: [] });
    expect(state.encode()).toEqual({ timestamp: T });
  });

  it.each([undefined, null, {}])("begins anew with %j", (before) => {
    expect(cursors(SINGLE, before)).toEqual([undefined]);
  });
});

describe("createStreamState: a stream of several", () => {
  it.each([undefined, null, {}, { states: [] }])("begins anew with %j", (before) => {
    expect(cursors(segments("a", "b"), before)).toEqual([undefined, undefined]);
  });

  it("has a cursor for each, by its partition", () => {
    expect(cursors(segments("a", "b", "c"), { states: [entry("c", 3), entry("a", 1)] })).toEqual([
      1,
      undefined,
      3,
    ]);
  });

  it("keeps the entries of those that are not read as they are, whatever is in them", () => {
    const gone = { partition: { segmentId: "gone", other: 1 }, cursor: { anything: ["x"] }, more: 5 };
    const partitions = segments("a");
    const [a] = partitions;
    if (a === undefined) throw new Error("no set");
    const state = createStreamState(partitions, { states: [gone, entry("a", 1)] });
    state.set(a, { timestamp: 2, fingerprints: [] });
    expect(state.encode()).toEqual({ states: [gone, entry("a", 2)] });
  });

  it("gives states that do not change with later ones", () => {
    const partitions = segments("a", "b");
    const [a, b] = partitions;
    if (a === undefined || b === undefined) throw new Error("no sets");
    const state = createStreamState(partitions, undefined);
    const set = (partition: Partition, timestamp: number) => {
      state.set(partition, { timestamp, fingerprints: [] });
      return state.encode();
    };
    const first = set(a, 1);
    const second = set(b, 2);
    set(a, 3);
    expect(first).toEqual({ states: [entry("a", 1)] });
    expect(second).toEqual({ states: [entry("a", 1), entry("b", 2)] });
  });
});

describe("createStreamState: a state nobody could have written", () => {
  it.each([
    ...CURSORS.map((before) => [before, SINGLE] as const),
    ...ENTRIES.map((before) => [before, segments("mobile-visitors")] as const),
  ])("%j is state_invalid, which says to reset", (before, partitions) => {
    expect(() => createStreamState(partitions, before)).toThrow(
      expect.objectContaining({ code: "state_invalid", message: expect.stringMatching(/reset/i) }),
    );
  });
});

describe("createStreamState: whatever it is given", () => {
  const part = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(T, -1, 0.5, { timestamp: T }, { segmentId: "a" }, [], {}, null, "x"),
  );
  const slice = fc.record(
    {
      ...{ start: part, end: part, offset: part, total: part, last: part, twins: part },
      ...{ from: part, came: part, page: part, strays: part },
    },
    { requiredKeys: [] },
  );
  const cursor = fc.record(
    { timestamp: part, slice: fc.oneof(part, slice), until: part, at: part, since: part, seen: part },
    { requiredKeys: [] },
  );
  const states = fc.record({
    states: fc.oneof(part, fc.array(fc.record({ partition: part, cursor: fc.oneof(part, cursor) }))),
  });

  it.each([
    ["one set", SINGLE],
    ["several", segments("a", "b")],
  ])("gives cursors that can be written and read again, or a state_invalid: %s", (_what, partitions) => {
    fc.assert(
      fc.property(fc.oneof(part, cursor, states), (before) => {
        try {
          const state = createStreamState(partitions, before);
          for (const partition of partitions) {
            const known = state.cursorOf(partition);
            if (known === undefined) continue;
            state.set(partition, known);
            const again = createStreamState(partitions, state.encode());
            expect(again.cursorOf(partition)).toEqual(known);
          }
        } catch (error) {
          if (!(error instanceof ConnectorError)) throw error;
          expect(error).toMatchObject({ code: "state_invalid", failureType: "config_error" });
          expect(error.message).toMatch(/reset/i);
        }
      }),
      { examples: [[{ timestamp: T, until: T }]] },
    );
  });
});
