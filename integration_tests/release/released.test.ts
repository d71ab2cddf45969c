/** Compares with the last release: release/interface.json, which `npm run snapshot` writes. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { tooLarge } from "../../scripts/compatibility/versions.ts";
import { readFrom } from "../connector.ts";
import type { FakeApi } from "../fake-api/server.ts";
import type { RecordMessage, StateMessage } from "../message.ts";
import { compareInterfaces } from "./compare.ts";
import { currentInterface, type Interface, RELEASED } from "./interface.ts";
import { CONFIG, STREAMS, startSample } from "./sample.ts";

const released: Interface = JSON.parse(readFileSync(RELEASED, "utf8"));
let current: Interface;
let api: FakeApi;

beforeAll(async () => {
  current = await currentInterface();
  api = await startSample();
});

afterAll(() => api.close());

/** The records of `sessions` that a read gives from a state on. */
async function readSample(state: readonly StateMessage[]): Promise<readonly RecordMessage[]> {
  const { records, code } = await readFrom(api, { config: CONFIG, streams: STREAMS, state });
  expect(code).toBe(0);
  return records.filter(({ stream }) => stream === "sessions");
}

describe("what users' connections and programs depend on", () => {
  it("breaks nothing of the last release without a new major version", () => {
    const changes = compareInterfaces(released, current).filter(({ size }) => size === "major");
    expect(tooLarge(changes, released.version, current.version)).toEqual([]);
  });

  it.each([
    ["stream pages is gone", { catalog: { streams: [{ name: "pages", json_schema: {} }] } }],
    ["field region is gone", { spec: { connectionSpecification: { properties: { region: {} } } } }],
    ["sessionKey: another recipe", { sessionKeys: ["0123456789abcdef"] }],
  ])("would see that %s", (what, parts) => {
    const changes = compareInterfaces({ ...released, ...parts }, current);
    expect(changes).toContainEqual({ size: "major", what });
  });
});

describe("states of the last release", () => {
  it("in the middle of a slice: what the state does not cover comes, and the slice again", async () => {
    const whole = await readSample([]);
    // Sessions come in ascending order: those of the state are the first ones.
    const covered = Number(released.states.first[0]?.sourceStats.recordCount);
    expect(covered).toBeGreaterThan(0);
    const rest = await readSample(released.states.first);
    const came = new Set(rest.map(({ data }) => data["sessionKey"]));
    const missing = whole.slice(covered).filter(({ data }) => !came.has(data["sessionKey"]));
    expect(missing.length).toBe(0);
    expect(came.size).toBe(rest.length);
  });

  it("at the end: nothing is sent again, though all of it lies within the lookback", async () => {
    expect(await readSample(released.states.last)).toEqual([]);
  });
});
