import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, type ReadChoice, readFrom, type StreamChoice } from "../connector.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import type { FakeApi } from "../fake-api/server.ts";
import type { Message, StateMessage } from "../message.ts";

const GENERATED = { count: 3000, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) };

const start = apiStarter({ generated: GENERATED });

/** A place in a run where it may be gone on with: a state, and the keys of the records before it. */
interface Checkpoint {
  readonly state: StateMessage;
  readonly before: readonly string[];
}

function keyOf(data: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([data["segmentId"], data["sessionKey"]]);
}

function checkpoints(messages: readonly Message[]): readonly Checkpoint[] {
  const keys: string[] = [];
  const found: Checkpoint[] = [];
  for (const message of messages) {
    if (message.type === "RECORD") keys.push(keyOf(message.record.data));
    if (message.type === "STATE") found.push({ state: message.state, before: [...keys] });
  }
  return found;
}

function keysOf({ records }: ConnectorRun): readonly string[] {
  return records.map(({ data }) => keyOf(data));
}

function sorted(keys: Iterable<string>): readonly string[] {
  return [...keys].sort();
}

const SEGMENTS = { segment_ids: ["mobile-visitors", "from-campaigns"] };

const CASES = (["incremental", "full_refresh"] as const).flatMap((syncMode) => [
  { name: "sessions", syncMode, config: {} },
  { name: "segment_sessions", syncMode, config: SEGMENTS },
]);

describe("state: whatever was written before a STATE is never needed again; whatever was not, is read", () => {
  it.each(CASES)("$name, $syncMode: from every state of a run", async ({ name, syncMode, config }) => {
    const running = await start();
    const streams: Readonly<Record<string, StreamChoice>> = { [name]: { syncMode } };
    const choice: ReadChoice = { streams, config };
    const whole = await readFrom(running, choice);
    const all = sorted(keysOf(whole));
    expect(new Set(all).size).toBe(all.length);
    const places = checkpoints(whole.messages);
    expect(places.length).toBeGreaterThanOrEqual(2);
    for (const { state, before } of places) {
      const rest = await readFrom(running, { ...choice, state: [state] });
      expect(rest.code).toBe(0);
      expect(sorted([...before, ...keysOf(rest)])).toEqual(all);
    }
  });

  it("from a start_date before all Unix time", async () => {
    const running = await start();
    const config = { start_date: "1960-01-01T00:00:00Z" };
    const whole = await readFrom(running, { config });
    const place = checkpoints(whole.messages)[1];
    const rest = await readFrom(running, { config, state: [place?.state] });
    expect(sorted([...(place?.before ?? []), ...keysOf(rest)])).toEqual(sorted(keysOf(whole)));
  });

  it.each(["ascending", "descending", "arbitrary"] as const)(
    "across several cuts in a row, in %s order, without an end to what has been reached",
    async (order) => {
      const running = await start({ order });
      const dates = { start_date: "2024-01-01T00:00:00Z" };
      const all = sorted(keysOf(await readFrom(running, { config: dates })));
      const met: string[] = [];
      let state: readonly StateMessage[] = [];
      let code: number | null = 1;
      for (let run = 0; run < 10 && code !== 0; run += 1) {
        running.handle.setFaults([
          { when: { requests: [running.stats.requests + 25] }, what: { kind: "hang" } },
        ]);
        const config = { ...dates, request_timeout_seconds: 1, retry_deadline_seconds: 0 };
        const part = await readFrom(running, { state, config });
        met.push(...keysOf(part));
        state = part.states.slice(-1);
        code = part.code;
        if (code !== 0) expect(part.errors).toMatchObject([{ failure_type: "transient_error" }]);
      }
      expect(code).toBe(0);
      expect(sorted(met)).toEqual(all);
    },
  );
});

describe("state: resuming goes on at timestamp", () => {
  /** A place in the middle of a run, and Unix s of where it goes on. */
  async function middle(running: FakeApi): Promise<Checkpoint & { readonly at: number }> {
    const place = checkpoints((await readFrom(running)).messages)[1];
    if (place === undefined) throw new Error("no second state");
    return { ...place, at: Number(place.state.stream.stream_state["timestamp"]) / 1000 };
  }

  it.each(["descending", "arbitrary"] as const)(
    "and asks for nothing that starts earlier, in %s order",
    async (order) => {
      const running = await start({ order });
      const { state, before, at } = await middle(running);
      const asked = running.log.length;
      const rest = await readFrom(running, { state: [state] });
      expect(new Set([...before, ...keysOf(rest)]).size).toBe(GENERATED.count);
      expect(before.length).toBeGreaterThan(500);
      expect(rest.records).toHaveLength(GENERATED.count - before.length);
      const bodies = running.log.slice(asked).map(({ body }) => body);
      for (const body of bodies) expect(body?.["start"]).toBeGreaterThanOrEqual(at - 1);
    },
  );

  it("whatever has moved before it and behind it: every session that stays comes", async () => {
    const running = await start();
    const { state, before, at } = await middle(running);
    const stood = sorted(keysOf(await readFrom(running)));
    running.handle.remove({ nth: 10 });
    running.handle.remove({ nth: 2500 });
    running.handle.insertGenerated([at * 1000 + 500, GENERATED.to - 1000]);
    const rest = await readFrom(running, { state: [state] });
    expect(rest.code).toBe(0);
    const now = new Set(keysOf(await readFrom(running)));
    const met = new Set([...before, ...keysOf(rest)]);
    expect(stood.filter((key) => now.has(key) && !met.has(key))).toEqual([]);
    expect([...now].filter((key) => !met.has(key))).toEqual([]);
  });

  it("and holds the count of the whole window against what came in both runs", async () => {
    const running = await start({ order: "arbitrary" });
    const { state } = await middle(running);
    const { timestamp, slice } = state.stream.stream_state;
    const fewer = { ...Object(slice), offset: Object(slice).offset - 30 };
    const forged = { ...state, stream: { ...state.stream, stream_state: { timestamp, slice: fewer } } };
    const rest = await readFrom(running, { state: [forged] });
    expect(rest.errors).toMatchObject([
      { failure_type: "system_error", message: expect.stringMatching(/counts 3000 .*gives 2970/) },
    ]);
  });
});
