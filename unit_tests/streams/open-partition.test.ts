import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { pickColumns } from "../../src/streams/open-partition.ts";
import { stream } from "../../src/streams/sessions.ts";
import { madeColumnsOf } from "../../src/streams/stream.ts";

const ALL = Object.keys(stream.schema.properties);
const ALWAYS = ["sessionKey", "timestamp"];
const SENT = ALL.filter((name) => !madeColumnsOf(stream).has(name));

describe("pickColumns", () => {
  it("picks all, without a select, where none is configured", () => {
    const { picked, select } = pickColumns(stream, []);
    expect([...picked]).toEqual(ALL);
    expect(select).toBeUndefined();
  });

  it("picks those that are configured and those that are always there; selects what they are made of", () => {
    const some = fc.subarray([...ALL, "unknown", "__proto__"], { minLength: 1 });
    fc.assert(
      fc.property(some, (configured) => {
        const { picked, select } = pickColumns(stream, configured);
        const expected = ALL.filter((name) => configured.includes(name) || ALWAYS.includes(name));
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
    const { select } = pickColumns(stream, ["sessionKey", "startedAt", "userId"]);
    expect([...(select ?? [])].sort()).toEqual(["userId", ...stream.keyFields].sort());
  });
});
