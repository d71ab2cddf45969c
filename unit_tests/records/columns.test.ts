import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import schema from "../../schemas/sessions.json";
import { LASTING_FIELDS, MADE_COLUMNS, pickColumns } from "../../src/records/columns.ts";

const ALL = Object.keys(schema.properties);
const ALWAYS = ["sessionKey", "timestamp"];
const SENT = ALL.filter((name) => !MADE_COLUMNS.some((made) => made === name));

describe("pickColumns", () => {
  it("picks all, without a select, where none is configured", () => {
    const { picked, select } = pickColumns(ALL, [], ALWAYS);
    expect([...picked]).toEqual(ALL);
    expect(select).toBeUndefined();
  });

  it("picks those that are configured and those that are always there; selects what they are made of", () => {
    const some = fc.subarray([...ALL, "unknown", "__proto__"], { minLength: 1 });
    fc.assert(
      fc.property(some, (configured) => {
        const { picked, select } = pickColumns(ALL, configured, ALWAYS);
        const expected = ALL.filter((name) => configured.includes(name) || ALWAYS.includes(name));
        expect([...picked]).toEqual(expected);
        if (configured.includes("additionalFields")) {
          expect(select).toBeUndefined();
          return;
        }
        const needed = SENT.filter(
          (name) => picked.has(name) || LASTING_FIELDS.some((field) => field === name),
        );
        expect(select === undefined ? SENT : [...select].sort()).toEqual(
          select === undefined ? needed : needed.sort(),
        );
      }),
    );
  });

  it("never selects a column that is made here", () => {
    const { select } = pickColumns(ALL, ["sessionKey", "startedAt", "userId"], ALWAYS);
    expect([...(select ?? [])].sort()).toEqual(["userId", ...LASTING_FIELDS].sort());
  });
});
