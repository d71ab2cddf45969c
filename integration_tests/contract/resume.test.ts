import { afterEach, describe, expect, it } from "@jest/globals";
import { type ConnectorRun, type ReadChoice, readFrom, type StreamChoice } from "../connector.ts";
import type { FakeApiOptions } from "../fake-api/options.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import type { Message, StateMessage } from "../message.ts";

const GENERATED = { count: 3000, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) };

let api: FakeApi | undefined;

async function start(options: FakeApiOptions = {}): Promise<FakeApi> {
  api = await startFakeApi({ generated: GENERATED, ...options });
  return api;
}

afterEach(async () => {
  await api?.close();
  api = undefined;
});

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

describe("state: whatever was emitted before a STATE is never needed again; whatever was not, is read", () => {
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

  it.each(["descending", "arbitrary"] as const)("in %s order too", async (order) => {
    const running = await start({ order });
    const whole = await readFrom(running);
    const place = checkpoints(whole.messages)[1];
    const rest = await readFrom(running, { state: [place?.state] });
    expect(sorted([...(place?.before ?? []), ...keysOf(rest)])).toEqual(sorted(keysOf(whole)));
  });

  it("from a start_date before all Unix time", async () => {
    const running = await start();
    const config = { start_date: "1960-01-01T00:00:00Z" };
    const whole = await readFrom(running, { config });
    const place = checkpoints(whole.messages)[1];
    const rest = await readFrom(running, { config, state: [place?.state] });
    expect(sorted([...(place?.before ?? []), ...keysOf(rest)])).toEqual(sorted(keysOf(whole)));
  });

  it("across several cuts in a row", async () => {
    const running = await start();
    const all = sorted(keysOf(await readFrom(running)));
    const met: string[] = [];
    let state: readonly StateMessage[] = [];
    for (let run = 0; run < 20; run += 1) {
      running.handle.setFaults([
        { when: { requests: [running.stats.requests + 15] }, what: { kind: "hang" } },
      ]);
      const config = { request_timeout_seconds: 1, retry_deadline_seconds: 0 };
      const part = await readFrom(running, { state, config });
      met.push(...keysOf(part));
      state = part.states.slice(-1);
      if (part.code === 0) break;
      expect(part.errors).toMatchObject([{ failure_type: "transient_error" }]);
    }
    expect(sorted(met)).toEqual(all);
  });
});

describe("state: resuming continues at offset where the slice is seen to be unmoved", () => {
  it("and asks for nothing that lies before it", async () => {
    const running = await start();
    const place = checkpoints((await readFrom(running)).messages)[1];
    const asked = running.log.length;
    await readFrom(running, { state: place === undefined ? [] : [place.state] });
    const offset = place?.before.length ?? 0;
    expect(offset).toBeGreaterThan(1000);
    const [first, ...others] = running.log.slice(asked).map(({ body }) => body);
    expect(first?.["from"]).toBeGreaterThanOrEqual(offset - 1);
    for (const body of others)
      if (body?.["start"] === first?.["start"]) expect(body?.["from"]).toBeGreaterThan(offset);
  });

  it("and otherwise reads the slice again", async () => {
    const running = await start();
    const place = checkpoints((await readFrom(running)).messages)[1];
    running.handle.remove({ nth: 10 });
    running.handle.insertGenerated([GENERATED.from + 1000, GENERATED.to - 1000]);
    const rest = await readFrom(running, { state: place === undefined ? [] : [place.state] });
    const now = sorted(keysOf(await readFrom(running)));
    const met = new Set([...(place?.before ?? []), ...keysOf(rest)]);
    expect(now.filter((key) => !met.has(key))).toEqual([]);
  });
});
