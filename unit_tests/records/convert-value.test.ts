import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type ColumnSchema, converterFor } from "../../src/records/convert-value.ts";

const TEXT: ColumnSchema = { type: ["string", "null"] };
const INTEGER: ColumnSchema = { type: ["integer", "null"] };
const BOOLEAN: ColumnSchema = { type: ["boolean", "null"] };
const OBJECT: ColumnSchema = { type: ["object", "null"] };
const LIST: ColumnSchema = { type: ["array", "null"], items: TEXT };

/** A value as JSON has it; null never comes to a conversion. */
const value = fc.jsonValue().filter((any) => any !== null);

describe("converterFor", () => {
  it.each<[ColumnSchema, unknown, unknown]>([
    [TEXT, "", ""],
    [TEXT, 0, "0"],
    [TEXT, 1.5, "1.5"],
    [TEXT, true, "true"],
    [TEXT, [], undefined],
    [TEXT, {}, undefined],
    [INTEGER, 0, 0],
    [INTEGER, -1, -1],
    [INTEGER, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [INTEGER, 2 ** 53, undefined],
    [INTEGER, 0.1, undefined],
    [INTEGER, "0", 0],
    [INTEGER, "-12", -12],
    [INTEGER, "9007199254740993", undefined],
    [INTEGER, "012", undefined],
    [INTEGER, " 12", undefined],
    [INTEGER, "1e3", undefined],
    [INTEGER, "", undefined],
    [INTEGER, true, undefined],
    [BOOLEAN, "true", true],
    [BOOLEAN, "false", false],
    [BOOLEAN, 1, true],
    [BOOLEAN, 0, false],
    [BOOLEAN, "", undefined],
    [BOOLEAN, "yes", undefined],
    [BOOLEAN, [], undefined],
    [OBJECT, { a: 1 }, { a: 1 }],
    [OBJECT, [1], undefined],
    [OBJECT, "{}", undefined],
    [LIST, "one", ["one"]],
    [LIST, 5, ["5"]],
    [LIST, [null, 1, "a"], [null, "1", "a"]],
    [LIST, [["a"]], undefined],
    [LIST, {}, undefined],
    [{ type: "array" }, [{ any: 1 }], [{ any: 1 }]],
    [{ type: "string" }, 1, "1"],
  ])("%j of %j is %j", (schema, given, expected) => {
    expect(converterFor(schema)(given)).toEqual(expected);
  });
});

describe("converterFor: whatever it is given", () => {
  it("throws for a type that no column has", () => {
    expect(() => converterFor({ type: "number" })).toThrow(/number/);
  });

  it("leaves what has the declared type as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => expect(converterFor(TEXT)(text)).toBe(text)),
    );
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => expect(converterFor(INTEGER)(number)).toBe(number)),
    );
    fc.assert(fc.property(fc.array(fc.string()), (list) => expect(converterFor(LIST)(list)).toEqual(list)));
  });

  it("gives the declared type or undefined, whatever it is given", () => {
    fc.assert(
      fc.property(value, (given) => {
        expect(["string", "undefined"]).toContain(typeof converterFor(TEXT)(given));
        expect(["boolean", "undefined"]).toContain(typeof converterFor(BOOLEAN)(given));
        const integer = converterFor(INTEGER)(given);
        expect(integer === undefined || Number.isSafeInteger(integer)).toBe(true);
        const list = converterFor(LIST)(given);
        const texts = Array.isArray(list) && list.every((item) => item === null || typeof item === "string");
        expect(list === undefined || texts).toBe(true);
      }),
    );
  });

  it("loses nothing: what it made of a number or a boolean can be read back", () => {
    fc.assert(
      fc.property(fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean()), (given) => {
        expect(JSON.parse(String(converterFor(TEXT)(given)))).toBe(
          typeof given === "number" ? given + 0 : given,
        );
      }),
    );
    fc.assert(
      fc.property(fc.maxSafeInteger(), (given) => {
        expect(converterFor(INTEGER)(String(given))).toBe(given);
      }),
    );
  });
});
