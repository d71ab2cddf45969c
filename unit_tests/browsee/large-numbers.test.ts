import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { quoteLargeNumbers } from "../../src/browsee/parse-body.ts";

type Value =
  | null
  | boolean
  | string
  | number
  | bigint
  | readonly Value[]
  | { readonly [name: string]: Value };

const values: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.string({ unit: "binary" }),
    fc.constantFrom('"', "\\", '\\"', "12345678901234567890", '"12345678901234567890', "é", "日本"),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
    fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
    fc.array(tie("value")),
    fc.dictionary(fc.string(), tie("value")),
  ),
})).value;

/** JSON as an API would write it, with integers of any size. */
function write(value: Value): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(" ,\n")}]`;
  return `{${Object.entries(value)
    .map(([name, field]) => `${JSON.stringify(name)} : ${write(field)}`)
    .join(",")}}`;
}

/** What should be read: integers that a double holds as numbers, all others as their digits. */
function expected(value: Value): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return asWritten(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(expected);
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, expected(field)]));
}

/** A double beyond 2^53 that is written without an exponent is an integer as any other. */
function asWritten(value: number): unknown {
  const text = JSON.stringify(value);
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(value) ? text : JSON.parse(text);
}

function read(text: string): unknown {
  return JSON.parse(quoteLargeNumbers(text));
}

describe("integers beyond 2^53", () => {
  it("are read digit by digit, and nothing else changes", () => {
    fc.assert(
      fc.property(values, (value) => expect(read(write(value))).toEqual(expected(value))),
      {
        numRuns: 500,
      },
    );
  });

  it.each([
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", "9007199254740992"],
    ["-9007199254740992", "-9007199254740992"],
    ["12345678901234567890123456789", "12345678901234567890123456789"],
    ["1234567890123456.5", 1234567890123456.5],
    ["12345678901234567890e2", Number("12345678901234567890e2")],
    ["0.12345678901234567890", Number("0.12345678901234567890")],
    ['"12345678901234567890"', "12345678901234567890"],
    ['"\\"12345678901234567890"', '"12345678901234567890'],
    ["1e400", "1e400"],
    ["-1.5E+999", "-1.5E+999"],
    ["1e308", 1e308],
    ["1e-400", 0],
    ['"\\\\" ', "\\"],
  ])("%s", (text, value) => {
    expect(read(text)).toBe(value);
    expect(read(`[${text},12345678901234567890]`)).toEqual([value, "12345678901234567890"]);
  });

  it("are found wherever they stand, and not in texts", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(40), fc.integer({ min: 1, max: 40 }), (before, spaces, digits) => {
        const number = "7".repeat(digits);
        const written = (value: string) => `[${JSON.stringify(before)},${" ".repeat(spaces)}${value}]`;
        const isLost = digits > 16;
        expect(quoteLargeNumbers(written(number))).toBe(written(isLost ? `"${number}"` : number));
        expect(quoteLargeNumbers(written(`"${number}"`))).toBe(written(`"${number}"`));
      }),
    );
  });

  it("are found in a text of many MB", () => {
    const text = JSON.stringify({ long: 'é\\"'.repeat(3_000_000), id: 0 }).replace(
      '"id":0',
      '"id":9007199254740993',
    );
    expect(read(text)).toMatchObject({ id: "9007199254740993" });
  });
});
