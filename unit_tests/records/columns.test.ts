import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { pickColumns } from "../../src/records/columns.ts";
import { stream } from "../../src/streams/sessions.ts";

const ALL = Object.keys(stream.schema.properties);
const SOURCES = {
  all: ALL,
  made: new Set(stream.madeColumns),
  always: ["sessionKey", "timestamp"],
  keyFields: stream.keyFields,
};
const SENT = ALL.filter((name) => !SOURCES.made.has(name));

describe("pickColumns", () => {
  it("picks all, without a select, where none is configured", () => {
    const { picked, select } = pickColumns(SOURCES, []);
    expect([...picked]).toEqual(ALL);
    expect(select).toBeUndefined();
  });

  it("picks those that are configured and those that are always there; selects what they are made of", () => {
    const some = fc.subarray([...ALL, "unknown", "__proto__"], { minLength: 1 });
    fc.assert(
      fc.property(some, (configured) => {
        const { picked, select } = pickColumns(SOURCES, configured);
        const expected = ALL.filter((name) => configured.includes(name) || SOURCES.always.includes(name));
        expect([...picked]).toEqual(expected);
        if (configured.includes("additionalFields")) {
          expect(select).toBeUndefined();
          return;
        }
        const needed = SENT.filter((name) => picked.has(name) || stream.keyFields.includes(name));
        expect(select === undefined ? SENT : [...select].sort()).toEqual(
          select === undefined ? needed : needed.sort(),
        );
      }),
    );
  });

  it("never selects a column that is made here", () => {
    const { select } = pickColumns(SOURCES, ["sessionKey", "startedAt", "userId"]);
    expect([...(select ?? [])].sort()).toEqual(["userId", ...stream.keyFields].sort());
  });
});
