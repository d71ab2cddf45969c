import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import Ajv from "ajv";
import { type ConnectorRun, configFor, runConnector } from "../connector.ts";
import { isObject } from "../fake-api/json.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { SESSION_FIELDS } from "../fake-api/session.ts";
import type { CatalogStream } from "../message.ts";

let api: FakeApi;
let run: ConnectorRun;

beforeAll(async () => {
  api = await startFakeApi();
  run = await runConnector("discover", { config: configFor(api, { segment_ids: ["mobile-visitors"] }) });
});

afterAll(() => api.close());

function streamsOf({ messages }: ConnectorRun): readonly CatalogStream[] {
  return messages.flatMap((message) => (message.type === "CATALOG" ? message.catalog.streams : []));
}

function stream(name: string): CatalogStream {
  const found = streamsOf(run).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no stream ${name}`);
  return found;
}

/** The columns of a stream's schema. */
function columns(name: string): Readonly<Record<string, unknown>> {
  const { properties } = stream(name).json_schema;
  return isObject(properties) ? properties : {};
}

/** Every object inside a value. */
function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (isObject(value)) yield value;
  if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) yield* objectsIn(inner);
  }
}

describe("command: discover", () => {
  it("prints one CATALOG, exits 0, and asks the API for nothing", () => {
    expect(run.messages.map(({ type }) => type)).toEqual(["CATALOG"]);
    expect(run.code).toBe(0);
    expect(api.stats.requests).toBe(0);
  });

  it.each([
    ["sessions", [["sessionKey"]]],
    ["segment_sessions", [["segmentId"], ["sessionKey"]]],
  ])("stream %s: primary key %j, cursor timestamp, both modes, resumable", (name, key) => {
    const { json_schema: _schema, ...rest } = stream(name);
    expect(rest).toEqual({
      name,
      supported_sync_modes: ["full_refresh", "incremental"],
      source_defined_cursor: true,
      default_cursor_field: ["timestamp"],
      source_defined_primary_key: key,
      is_resumable: true,
    });
  });

  it.each([{}, { segment_ids: null }, { segment_ids: [] }])(
    "has segment_sessions only when segment_ids is set: not with %j",
    async (config) => {
      const found = streamsOf(await runConnector("discover", { config: configFor(api, config) }));
      expect(found.map(({ name }) => name)).toEqual(["sessions"]);
    },
  );
});

describe.each(["sessions", "segment_sessions"])("schema of %s", (name) => {
  it("is valid draft-07 with additionalProperties true, without $ref and allOf", () => {
    const { json_schema: schema } = stream(name);
    expect(schema["$schema"]).toBe("http://json-schema.org/draft-07/schema#");
    expect(new Ajv().validateSchema(schema)).toBe(true);
    expect(schema["additionalProperties"]).toBe(true);
    for (const inner of objectsIn(schema)) {
      expect(Object.keys(inner)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(\$ref|allOf|not)$/)]),
      );
      expect([undefined, true]).toContain(inner["additionalProperties"]);
    }
  });

  it("has every field described", () => {
    for (const column of Object.values(columns(name))) {
      expect(column).toMatchObject({ description: expect.stringMatching(/^[A-Z].+\.$/) });
    }
  });

  it("has the 26 documented fields, nullable, and those that are made", () => {
    const made = [
      "sessionKey",
      "startedAt",
      "additionalFields",
      ...(name === "sessions" ? [] : ["segmentId"]),
    ];
    expect(Object.keys(columns(name)).sort()).toEqual([...SESSION_FIELDS, ...made].sort());
    expect(SESSION_FIELDS).toHaveLength(26);
    for (const field of [...SESSION_FIELDS, "startedAt", "additionalFields"]) {
      expect(columns(name)[field]).toMatchObject({ type: [expect.any(String), "null"] });
    }
    expect(columns(name)["sessionKey"]).toMatchObject({ type: "string" });
  });

  it("has startedAt as date-time with time zone", () => {
    const startedAt = {
      type: ["string", "null"],
      format: "date-time",
      airbyte_type: "timestamp_with_timezone",
    };
    expect(columns(name)["startedAt"]).toMatchObject(startedAt);
  });

  it("has the documented types", () => {
    const types = Object.entries(columns(name)).map(([field, column]) => [
      field,
      isObject(column) ? [column["type"]].flat()[0] : undefined,
    ]);
    expect(Object.fromEntries(types)).toMatchObject({
      timestamp: "integer",
      duration: "integer",
      activeTime: "integer",
      inactiveTime: "integer",
      pageCount: "integer",
      eventCount: "integer",
      isMobile: "boolean",
      urls: "array",
      tags: "array",
      additionalFields: "object",
      userId: "string",
      ip: "string",
    });
  });
});
