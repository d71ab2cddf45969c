/** Airbyte's connector acceptance tests: TestConnection, TestDiscovery. contract/discover.test.ts has more on schemas. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { runConnector } from "../connector.ts";
import { isObject } from "../fake-api/json.ts";
import type { FakeApi } from "../fake-api/server.ts";
import type { CatalogStream } from "../message.ts";
import { configOf, discover, startSamples, testsOf } from "./suites.ts";

const PLAIN = ["null", "string", "number", "integer", "boolean", "object", "array"];

let api: FakeApi;

beforeAll(async () => {
  api = await startSamples();
});

afterAll(() => api.close());

describe("connection", () => {
  it.each(testsOf("connection"))("$config_path: $status", async (test) => {
    const { messages, code } = await runConnector("check", { config: configOf(test, api) });
    const status = test.status === "succeed" ? "SUCCEEDED" : "FAILED";
    expect(messages).toMatchObject([{ type: "CONNECTION_STATUS", connectionStatus: { status } }]);
    expect(code).toBe(0);
  });
});

describe.each(testsOf("discovery"))("discovery: $config_path", (test) => {
  let streams: readonly CatalogStream[];

  beforeAll(async () => {
    streams = await discover(configOf(test, api));
  });

  /** The schema of a column. */
  function column(stream: CatalogStream, path: unknown): Readonly<Record<string, unknown>> {
    const { properties } = stream.json_schema;
    const found = isObject(properties) ? properties[[path].flat().join(".")] : undefined;
    expect([stream.name, path, isObject(found)]).toEqual([stream.name, path, true]);
    return isObject(found) ? found : {};
  }

  it("finds streams of different names, each with a sync mode", () => {
    expect(new Set(streams.map(({ name }) => name)).size).toBe(streams.length);
    expect(streams.map(({ name }) => name)).toEqual(["sessions", "segment_sessions"]);
    for (const stream of streams) expect([stream["supported_sync_modes"]].flat()).not.toHaveLength(0);
  });

  it("has cursors and primary keys that stand in the schema; a key is text, never null", () => {
    for (const stream of streams) {
      expect(column(stream, stream["default_cursor_field"])["type"]).toEqual(["integer", "null"]);
      const { source_defined_primary_key: key } = stream;
      expect(Array.isArray(key) && key.length > 0).toBe(true);
      for (const path of Array.isArray(key) ? key : []) expect(column(stream, path)["type"]).toBe("string");
    }
  });

  it("has types that Airbyte knows; formats of text alone, with Airbyte's type of it", () => {
    for (const { json_schema } of streams) {
      for (const schema of Object.values(Object(json_schema["properties"]))) {
        if (!isObject(schema)) throw new Error("a column without a schema");
        const types = [schema["type"]].flat();
        expect(PLAIN).toEqual(expect.arrayContaining(types));
        if (schema["format"] === undefined) continue;
        expect(types).toEqual(["string", "null"]);
        expect(schema).toMatchObject({ format: "date-time", airbyte_type: "timestamp_with_timezone" });
      }
    }
  });
});
