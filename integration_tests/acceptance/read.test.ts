/** Airbyte's connector acceptance tests: TestBasicRead, TestFullRefresh. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { type ConnectorRun, runConnector } from "../connector.ts";
import type { FakeApi } from "../fake-api/server.ts";
import type { CatalogStream, RecordMessage } from "../message.ts";
import { catalogFor, configOf, discover, readSample, startSamples, testsOf } from "./suites.ts";

let api: FakeApi;

beforeAll(async () => {
  api = await startSamples();
});

afterAll(() => api.close());

/** The values of a record's primary key. */
function keyOf(stream: CatalogStream, { data }: RecordMessage): readonly unknown[] {
  const { source_defined_primary_key: key } = stream;
  return Array.isArray(key) ? key.map((path) => data[String(path)]) : [];
}

function recordsOf({ records }: ConnectorRun, { name }: CatalogStream): readonly RecordMessage[] {
  return records.filter(({ stream }) => stream === name);
}

describe.each(testsOf("basic_read"))("basic_read: $config_path", (test) => {
  let streams: readonly CatalogStream[];
  let run: ConnectorRun;

  beforeAll(async () => {
    const config = configOf(test, api);
    streams = await discover(config);
    run = await runConnector("read", { config, catalog: catalogFor(streams) });
    expect(run.code).toBe(0);
  });

  it("brings records of every stream, which have the fields of its schema and no others", () => {
    const ajv = new Ajv({ strict: false, allErrors: true });
    addFormats(ajv);
    for (const stream of streams) {
      const check = ajv.compile({ ...stream.json_schema, additionalProperties: false });
      const records = recordsOf(run, stream);
      expect(records.length).toBeGreaterThan(0);
      const broken = records.find(({ data }) => !check(data));
      expect([broken, ajv.errorsText(check.errors)]).toEqual([undefined, "No errors"]);
    }
  });

  it("brings every column of the schema at least once", () => {
    for (const stream of streams) {
      const columns = Object.keys(Object(stream.json_schema["properties"]));
      const records = recordsOf(run, stream);
      const empty = columns.filter((column) => records.every(({ data }) => data[column] === null));
      // Only what Browsee would send beyond its documentation.
      expect(empty).toEqual(["additionalFields"]);
    }
  });

  it("brings no primary key twice, and none that is null or no plain value", () => {
    for (const stream of streams) {
      const keys = recordsOf(run, stream).map((record) => keyOf(stream, record));
      for (const key of keys) expect(key.every((value) => typeof value === "string")).toBe(true);
      expect(new Set(keys.map((key) => JSON.stringify(key))).size).toBe(keys.length);
    }
  });

  it("says STARTED, RUNNING, COMPLETE of exactly the configured streams", () => {
    const statuses = run.messages.flatMap((message) =>
      message.type === "TRACE" ? (message.trace.stream_status ?? []) : [],
    );
    const said = statuses.map(({ stream_descriptor: { name }, status }) => [name, status]);
    expect(said).toEqual(
      streams.flatMap(({ name }) => ["STARTED", "RUNNING", "COMPLETE"].map((status) => [name, status])),
    );
  });

  it("has a state of each stream; their counts are those of the records", () => {
    for (const stream of streams) {
      const states = run.states.filter((state) => state.stream.stream_descriptor.name === stream.name);
      const counts = states.map(({ sourceStats }) => sourceStats.recordCount);
      expect(counts.reduce((sum, count) => sum + count)).toBe(recordsOf(run, stream).length);
    }
  });

  it("fails with a TRACE ERROR for a catalog that no source can read", async () => {
    const stream = { name: "__AIRBYTE__stream_that_does_not_exist", json_schema: { type: "object" } };
    const invalid = { stream, sync_mode: "INVALID", destination_sync_mode: "INVALID" };
    const failed = await runConnector("read", {
      config: configOf(test, api),
      catalog: { streams: [invalid] },
    });
    expect(failed.errors).toMatchObject([{ failure_type: "config_error" }]);
    expect(failed.errors[0]?.internal_message).toMatch(/^catalog_invalid/);
    expect(failed.code).toBe(1);
  });
});

describe.each(testsOf("full_refresh"))("full_refresh: $configured_catalog_path", (test) => {
  it("twice: each brings the same, the second later", async () => {
    const config = configOf(test, api);
    const catalog = catalogFor(await discover(config), "full_refresh");
    const first = await runConnector("read", { config, catalog });
    const second = await runConnector("read", { config, catalog });
    expect(first.records.length).toBeGreaterThan(0);
    expect(second.records.map(({ data }) => data)).toEqual(first.records.map(({ data }) => data));
    const emitted = ({ records }: ConnectorRun) => records.map(({ emitted_at }) => emitted_at);
    expect(Math.max(...emitted(first))).toBeLessThan(Math.min(...emitted(second)));
  });

  it("has a sample catalog that is what discover says, without columns: all of them", async () => {
    const { streams: samples } = readSample(test.configured_catalog_path);
    const discovered = await discover(configOf(test, api));
    expect(samples).toMatchObject(discovered.map(({ json_schema: _schema, ...stream }) => ({ stream })));
    const read = await runConnector("read", { config: configOf(test, api), catalog: { streams: samples } });
    expect(new Set(read.records.map(({ stream }) => stream)).size).toBe(discovered.length);
    expect(Object.keys(read.records[0]?.data ?? {}).sort()).toEqual(
      Object.keys(Object(discovered[0]?.json_schema["properties"])).sort(),
    );
  });
});
