/** Airbyte's connector acceptance tests: TestIncremental. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectorRun, lastStates, runConnector } from "../connector.ts";
import { isObject } from "../fake-api/json.ts";
import type { FakeApi } from "../fake-api/server.ts";
import type { CatalogStream, StateMessage } from "../message.ts";
import { catalogFor, configOf, discover, startSamples, testsOf } from "./suites.ts";

/** Every how many states of a stream one is read from. */
const SAMPLED = 5;

let api: FakeApi;

beforeAll(async () => {
  api = await startSamples();
});

afterAll(() => api.close());

describe.each(testsOf("incremental"))("incremental: $configured_catalog_path", (test) => {
  let streams: readonly CatalogStream[];
  let first: ConnectorRun;

  function read(state: unknown, only = streams): Promise<ConnectorRun> {
    return runConnector("read", {
      config: configOf(test, api),
      catalog: catalogFor(only, "incremental"),
      state,
    });
  }

  beforeAll(async () => {
    streams = await discover(configOf(test, api));
    first = await read([]);
    expect(first.code).toBe(0);
  });

  it("two sequential reads: the second, from the last states of the first, brings something else", async () => {
    expect(first.records.length).toBeGreaterThan(0);
    const second = await read(lastStates(first));
    expect(second).toMatchObject({ code: 0, records: [] });
  });

  it("reads from sampled states: each brings no less than what followed it", async () => {
    for (const stream of streams) {
      const alone = await read([], [stream]);
      for (const [state, before] of sampled(alone.states)) {
        const { records, code } = await read([state], [stream]);
        expect(code).toBe(0);
        expect(records.length).toBeGreaterThanOrEqual(alone.records.length - before);
      }
    }
  });

  it("a state in the future: no records, a state of each stream, of the same form", async () => {
    const path = test.future_state?.future_state_path ?? "";
    const future: readonly StateMessage[] = JSON.parse(
      readFileSync(join(__dirname, "..", "..", path), "utf8"),
    );
    expect(future.map(({ stream }) => stream.stream_descriptor.name)).toEqual(
      streams.map(({ name }) => name),
    );
    const run = await read(future);
    expect(run).toMatchObject({ code: 0, records: [] });
    for (const [at, { stream }] of future.entries()) {
      // What is told of a moment is told alike, then and now.
      const [now, then] = [lastStates(first)[at]?.stream.stream_state, stream.stream_state];
      expect(kindsOf(now)).toMatchObject(Object(kindsOf(then)));
      expect(kindsOf(lastStates(run)[at]?.stream.stream_state)).toMatchObject(Object(kindsOf(then)));
    }
  });
});

/** Some states, with how many records came before each; more of them than the last one wherever there are three. */
function sampled(states: readonly StateMessage[]): readonly (readonly [StateMessage, number])[] {
  let before = 0;
  const counted = states.map((state) => {
    before += state.sourceStats.recordCount;
    return [state, before] as const;
  });
  if (counted.length < 3) return counted.slice(-1);
  return counted.slice(1, -1).filter((_state, at) => at % SAMPLED === 0);
}

/** A state with the types of its values in their place. */
function kindsOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(kindsOf);
  if (!isObject(value)) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, kindsOf(inner)]));
}
