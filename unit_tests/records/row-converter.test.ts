import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Fields } from "../../src/browsee/response.ts";
import { stream } from "../../src/streams/sessions.ts";
import { madeColumnsOf } from "../../src/streams/stream.ts";
import { converterOf, written } from "./converter.ts";

const ALL = Object.keys(stream.schema.properties);
const DOCUMENTED = new Set(ALL.filter((name) => !madeColumnsOf(stream).has(name)));
const T = Date.UTC(2024, 1, 1);
const converter = converterOf();

/** A row as a JSON text has it, so that a field may be called __proto__. */
const anyRow = fc
  .dictionary(
    fc.oneof(fc.constantFrom(...ALL, "__proto__", "constructor", "toString"), fc.string()),
    fc.jsonValue(),
  )
  .map((row): Fields => JSON.parse(JSON.stringify(row)));

describe("createRowConverter: starts and keys", () => {
  it.each<[unknown, number | undefined]>([
    [T, T],
    [String(T), T],
    [0, undefined],
    [-1, undefined],
    [T / 1000, undefined],
    [253402300799999, undefined],
    [T + 0.5, undefined],
    ["2024-02-01", undefined],
    [null, undefined],
    [undefined, undefined],
    [true, undefined],
    [[T], undefined],
  ])("a timestamp of %j is the start %j", (timestamp, at) => {
    expect(converter.startOf({ timestamp })).toBe(at);
    expect(converter.convert({ timestamp }).start).toBe(at);
  });

  it("is told by startedAt also where it can't be what the API searches by", () => {
    expect(written(converter, { timestamp: T / 1000 }).data).toMatchObject({
      timestamp: T / 1000,
      startedAt: "1970-01-20T18:05:45.600Z",
    });
  });

  it("gives the same key with any columns", () => {
    const row = { timestamp: T, ip: "192.0.2.1", userId: "u" };
    expect(converterOf(["name"]).convert(row).key).toBe(converter.convert(row).key);
  });

  it("tells apart what can't be converted", () => {
    const keys = [["a"], ["b"], {}, "a", null].map((ip) => converter.convert({ timestamp: T, ip }).key);
    expect(new Set(keys).size).toBe(5);
  });
});

describe("createRowConverter: startedAt", () => {
  it.each<[unknown, string | null]>([
    [T, "2024-02-01T00:00:00.000Z"],
    [T + 1, "2024-02-01T00:00:00.001Z"],
    [-1, "1969-12-31T23:59:59.999Z"],
    [Date.parse("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00.000Z"],
    [Date.parse("0001-01-01T00:00:00Z") - 1, null],
    [Date.parse("9999-12-31T23:59:59.999Z"), "9999-12-31T23:59:59.999Z"],
    [Date.parse("9999-12-31T23:59:59.999Z") + 1, null],
    [Number.MAX_SAFE_INTEGER, null],
    [null, null],
  ])("of %j is %j", (timestamp, expected) => {
    const { data } = written(converter, { timestamp });
    expect(data).toMatchObject({ timestamp, startedAt: expected });
  });

  it("is timestamp as Date writes it, whatever came before", () => {
    const first = Date.parse("0001-01-01T00:00:00Z");
    const last = Date.parse("9999-12-31T23:59:59.999Z");
    fc.assert(
      fc.property(fc.array(fc.integer({ min: first, max: last })), (times) => {
        for (const timestamp of times) {
          expect(written(converter, { timestamp }).data["startedAt"]).toBe(new Date(timestamp).toISOString());
        }
      }),
    );
  });
});

describe("createRowConverter: convert", () => {
  it("never drops a row or a value: each stands in its column, or is told of and kept beside", () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const { data, nulled } = written(converter, row);
        expect(Object.keys(data).sort()).toEqual([...ALL].sort());
        expect(data["sessionKey"]).toMatch(/^[0-9a-f]{32}$/);
        const rest = new Map(Object.entries(Object(data["additionalFields"])));
        for (const [name, value] of Object.entries(row)) {
          const undocumented = !DOCUMENTED.has(name);
          expect(rest.has(name)).toBe(undocumented || nulled.includes(name));
          if (rest.has(name)) expect(rest.get(name)).toEqual(value);
          if (!undocumented) expect(data[name] === null).toBe(value === null || nulled.includes(name));
        }
        expect(data["additionalFields"] === null).toBe(rest.size === 0);
      }),
    );
  });

  it("writes JSON of one line", () => {
    fc.assert(
      fc.property(anyRow, (row) => {
        const { json, data } = written(converter, row);
        expect(json).not.toMatch(/[\n\r]/);
        expect(JSON.parse(json)).toEqual(data);
        expect(Buffer.from(json).toString()).toBe(json);
      }),
    );
  });

  it("adds what is the same for each record of the set, and only what was picked", () => {
    const { data } = written(converterOf(["name"], { segmentId: 'a"b' }), {
      timestamp: T,
      userId: "u",
      name: 5,
      plan: 1,
    });
    expect(data).toEqual({ sessionKey: data["sessionKey"], segmentId: 'a"b', timestamp: T, name: "5" });
  });

  it("does not tell of a value that nobody picked", () => {
    const { nulled } = written(converterOf(["urls"]), { timestamp: T, duration: "long", urls: {} });
    expect(nulled).toEqual(["urls"]);
  });

  it("gives duplicates keys of their own", () => {
    const fields = { timestamp: T };
    const keys = [0, 1, 2].map((duplicate) => written(converter, fields, duplicate).data["sessionKey"]);
    expect(new Set(keys).size).toBe(3);
    expect(keys[0]).toBe(converter.convert(fields).key);
  });
});
