import { describe, expect, it } from "@jest/globals";
import schema from "../../schemas/sessions.json";
import { pickColumns } from "../../src/records/columns.ts";
import { isTooDeep } from "../../src/records/depth.ts";
import { createKeyMaker } from "../../src/records/session-key.ts";
import { createSessionReader } from "../../src/records/session-reader.ts";
import { emission } from "../../src/sync/emission.ts";

const { properties } = schema;

function nested(levels: number): unknown {
  return JSON.parse(`${"[".repeat(levels)}1${"]".repeat(levels)}`);
}

describe("values nested deep", () => {
  it("are too deep from some level on, without exhausting the stack", () => {
    expect(isTooDeep(nested(500))).toBe(false);
    expect(isTooDeep(nested(501))).toBe(true);
    expect(isTooDeep(nested(100_000))).toBe(true);
  });

  it.each(["undocumented", "ip", "urls", "timestamp"])("in the field %s cost no row", (field) => {
    const columns = pickColumns(Object.keys(properties), [], ["sessionKey", "timestamp"]);
    const reader = createSessionReader({ properties, columns, keys: createKeyMaker("key"), constants: {} });
    const row = { duration: 5, [field]: nested(100_000) };
    const { data, nulled, json } = emission(reader, reader.identify(row), 0);
    expect(data).toMatchObject({ duration: 5, additionalFields: null });
    expect(nulled).toContain("additionalFields");
    expect(JSON.parse(json)).toEqual(data);
  });
});
