import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ConnectorError } from "../../src/errors.ts";
import { parseCatalog } from "../../src/protocol/catalog.ts";

const ENTRY = { stream: { name: "sessions" }, sync_mode: "incremental" };

describe("parseCatalog", () => {
  it("gives each stream's name, mode and columns, in order", () => {
    const streams = [
      { ...ENTRY, stream: { name: "b", json_schema: { properties: { x: {}, y: { type: "string" } } } } },
      { ...ENTRY, stream: { name: "a", json_schema: {} }, sync_mode: "full_refresh", unknown: { deep: [] } },
    ];
    expect(parseCatalog({ streams, more: 1 })).toEqual([
      { name: "b", syncMode: "incremental", columns: ["x", "y"] },
      { name: "a", syncMode: "full_refresh", columns: [] },
    ]);
  });

  it("takes any configured catalog's names for names, also those that JavaScript knows", () => {
    const properties = JSON.parse('{"__proto__": {}, "constructor": {}}');
    const [stream] = parseCatalog({
      streams: [{ ...ENTRY, stream: { name: "x", json_schema: { properties } } }],
    });
    expect(stream?.columns).toEqual(["__proto__", "constructor"]);
  });

  it.each<[string, unknown]>([
    ["a stream twice", [ENTRY, ENTRY]],
    ["an unknown sync mode", [{ ...ENTRY, sync_mode: "xmin" }]],
    ["no sync mode", [{ ...ENTRY, sync_mode: undefined }]],
    ["no stream", [{ sync_mode: "incremental" }]],
    ["no name", [{ ...ENTRY, stream: {} }]],
    ["a name that is none", [{ ...ENTRY, stream: { name: 5 } }]],
    ["a schema that is none", [{ ...ENTRY, stream: { name: "sessions", json_schema: [] } }]],
    [
      "properties that are none",
      [{ ...ENTRY, stream: { name: "sessions", json_schema: { properties: 5 } } }],
    ],
    ["streams that are no list", { sessions: ENTRY }],
    ["null for a stream", [null]],
  ])("refuses %s", (_what, streams) => {
    expect(() => parseCatalog({ streams })).toThrow(expect.objectContaining({ code: "catalog_invalid" }));
  });

  const part = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>("sessions", "incremental", "full_refresh", "INVALID", {}, [], null, {
      properties: {},
    }),
  );
  const entry = fc.record({
    stream: fc.oneof(part, fc.record({ name: part, json_schema: part }, { requiredKeys: [] })),
    sync_mode: part,
  });

  it("gives a catalog or a catalog_invalid, whatever it is given", () => {
    fc.assert(
      fc.property(fc.oneof(part, fc.record({ streams: fc.oneof(part, fc.array(entry)) })), (value) => {
        try {
          const streams = parseCatalog(value);
          expect(new Set(streams.map(({ name }) => name)).size).toBe(streams.length);
          for (const { name, syncMode } of streams) {
            expect(typeof name).toBe("string");
            expect(["incremental", "full_refresh"]).toContain(syncMode);
          }
        } catch (error) {
          if (!(error instanceof ConnectorError)) throw error;
          expect(error).toMatchObject({ code: "catalog_invalid", failureType: "config_error" });
          expect(error.message).toMatch(/\.$/);
        }
      }),
    );
  });
});
