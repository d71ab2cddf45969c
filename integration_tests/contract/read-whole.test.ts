import { describe, expect, it } from "@jest/globals";
import { lastStates, readFrom } from "../connector.ts";
import { expectedRecord, withoutKey } from "../expected-record.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import type { JsonValue } from "../fake-api/json.ts";
import { JSON_STYLES } from "../fake-api/json-style.ts";
import type { FakeApi } from "../fake-api/server.ts";
import type { RecordMessage } from "../message.ts";

const HOUR_MS = 3_600_000;
const FROM = Date.UTC(2024, 0, 1);
const TO = Date.UTC(2024, 2, 1);

const start = apiStarter();

/** Rows of the stand-in by what no two of them share. */
function trueRows(running: FakeApi): Map<string, JsonValue> {
  return new Map([...running.handle.truth()].map(({ row }) => [identity(expectedRecord(row)), row]));
}

function identity({ timestamp, ip, landingPage }: Readonly<Record<string, unknown>>): string {
  return JSON.stringify([timestamp, ip, landingPage]);
}

/** Holds each record against the truth, field by field. */
function expectWhole(running: FakeApi, records: readonly RecordMessage[]): void {
  const truth = trueRows(running);
  expect(truth.size).toBe(running.handle.size());
  for (const { data, meta } of records) {
    const id = identity(data);
    expect(withoutKey(data)).toEqual(expectedRecord(truth.get(id) ?? null));
    expect(meta).toBeUndefined();
    truth.delete(id);
  }
  expect([...truth.keys()]).toEqual([]);
}

function keysOf(records: readonly RecordMessage[]): Map<string, unknown> {
  return new Map(records.map(({ data }) => [identity(data), data["sessionKey"]]));
}

describe("read: 1,234 sessions", () => {
  it.each(["descending", "arbitrary"] as const)(
    "come whole, field by field, from an API that answers in %s order",
    async (order) => {
      const running = await start({ generated: { count: 1234, from: FROM, to: TO }, order });
      const run = await readFrom(running);
      expect(run.code).toBe(0);
      expectWhole(running, run.records);
      expect(running.stats).toMatchObject({ maxOpen: 1, refused: 0, rejected: 0 });
    },
  );

  it("come whole, with the same keys, whatever the style that the API writes JSON in", async () => {
    const generated = { count: 500, from: FROM, to: TO };
    const keys = keysOf((await readFrom(await start({ generated }))).records);
    for (const jsonStyle of JSON_STYLES) {
      const running = await start({ generated, jsonStyle });
      const { records } = await readFrom(running);
      expectWhole(running, records);
      expect(keysOf(records)).toEqual(keys);
    }
  });

  it("have a sessionKey each, never null, unique, and the same at the next read", async () => {
    const running = await start({ generated: { count: 1234, from: FROM, to: TO } });
    const first = keysOf((await readFrom(running)).records);
    expect(new Set(first.values()).size).toBe(1234);
    for (const key of first.values()) expect(key).toEqual(expect.stringMatching(/^.{16,}$/));
    expect(keysOf((await readFrom(running)).records)).toEqual(first);
  });
});

describe("read: an empty project", () => {
  it("brings no records, one STATE, and exit 0", async () => {
    const run = await readFrom(await start({ sessions: [] }));
    expect(run.records).toEqual([]);
    expect(run.states).toHaveLength(1);
    expect(run.code).toBe(0);
  });
});

describe("read: the second sync", () => {
  it("brings nothing: no records, one STATE, exit 0", async () => {
    const running = await start({ generated: { count: 2500, from: FROM, to: TO } });
    const first = await readFrom(running);
    expect(first.records).toHaveLength(2500);
    const second = await readFrom(running, { state: lastStates(first) });
    expect(second).toMatchObject({ records: [], states: [{ sourceStats: { recordCount: 0 } }], code: 0 });
  });

  it("sends nothing again because the API writes its JSON otherwise", async () => {
    const now = Date.now();
    const generated = { count: 1000, from: now - 20 * HOUR_MS, to: now - 2000 };
    let states = lastStates(await readFrom(await start({ generated })));
    for (const jsonStyle of JSON_STYLES) {
      const run = await readFrom(await start({ generated, jsonStyle }), { state: states });
      expect(run).toMatchObject({ records: [], code: 0 });
      states = lastStates(run);
    }
  });

  it("reads the lookback again, and sends no session again that has not changed", async () => {
    const now = Date.now();
    const running = await start({ generated: { count: 2500, from: now - 20 * HOUR_MS, to: now - 2000 } });
    let run = await readFrom(running);
    expect(run.records).toHaveLength(2500);
    for (let sync = 2; sync <= 3; sync += 1) {
      const served = running.stats.rowsServed;
      run = await readFrom(running, { state: lastStates(run) });
      expect(run).toMatchObject({ records: [], code: 0 });
      expect(running.stats.rowsServed - served).toBeGreaterThanOrEqual(2500);
    }
  });
});

describe("read: history at rest", () => {
  it.each(["ascending", "descending"] as const)(
    "costs at most 1.05 requests for each 100 sessions and 60 more, %s",
    async (order) => {
      const count = 3000;
      const running = await start({ generated: { count, from: FROM, to: TO }, order });
      expect((await readFrom(running)).records).toHaveLength(count);
      expect(running.stats.requests).toBeLessThanOrEqual(1.05 * Math.ceil(count / 100) + 60);
    },
  );
});
