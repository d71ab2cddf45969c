import { describe, expect, it } from "@jest/globals";
import type { Fields } from "../../scripts/compatibility/change.ts";
import { compareForms } from "../../scripts/compatibility/compare-forms.ts";

const FORM = {
  type: "object",
  required: ["key"],
  additionalProperties: true,
  properties: {
    key: { type: "string", title: "Key", minLength: 1, airbyte_secret: true },
    date: { type: "string", format: "date-time", pattern: "^[0-9]+$", default: "2015" },
    days: { type: "integer", minimum: 0, maximum: 100 },
    region: { type: ["string", "null"], enum: ["eu", "us"] },
    list: { type: "array", items: { type: "string", maxLength: 9 } },
    deep: { type: "object", properties: { inner: { type: "string" } } },
  },
};

/** The form with other content in its fields, or without them where it is undefined. */
function withFields(fields: Readonly<Record<string, Fields | undefined>>): Fields {
  return { ...FORM, properties: { ...FORM.properties, ...fields } };
}

const { key, date, days, region, list, deep } = FORM.properties;

describe("a configuration's schema", () => {
  it("of the same content is no change, whatever the order of its keywords", () => {
    const turned = Object.fromEntries(Object.entries(FORM).reverse());
    expect(compareForms(FORM, turned)).toEqual([]);
  });

  it.each<[string, Fields, string]>([
    ["removed field", withFields({ days: undefined }), "field days is gone"],
    ["renamed field", withFields({ days: undefined, day_count: days }), "field days is gone"],
    [
      "removed field in a field",
      withFields({ deep: { ...deep, properties: {} } }),
      "field deep.inner is gone",
    ],
    [
      "new required field",
      { ...withFields({ id: {} }), required: ["key", "id"] },
      "configuration: id is required",
    ],
    ["field made required", { ...FORM, required: ["key", "days"] }, "configuration: days is required"],
    ["another type", withFields({ days: { ...days, type: "string" } }), "days: type integer is now string"],
    [
      "a type less",
      withFields({ region: { ...region, type: "string" } }),
      "region: type string,null is now string",
    ],
    [
      "a secret that is none any more",
      withFields({ key: { type: "string" } }),
      "key: another airbyte_secret",
    ],
    ["a higher minimum", withFields({ days: { ...days, minimum: 1 } }), "days: minimum is 1"],
    ["a lower maximum", withFields({ days: { ...days, maximum: 99 } }), "days: maximum is 99"],
    ["a new minimum", withFields({ date: { ...date, minLength: 3 } }), "date: minLength is 3"],
    ["another pattern", withFields({ date: { ...date, pattern: "^a" } }), "date: another pattern"],
    [
      "a pattern with one alternative in a group",
      withFields({ date: { ...date, pattern: "^(a|^[0-9]+$)" } }),
      "date: another pattern",
    ],
    ["a new pattern", withFields({ key: { ...key, pattern: "^a" } }), "key: another pattern"],
    ["another format", withFields({ date: { ...date, format: "date" } }), "date: another format"],
    ["a value less", withFields({ region: { ...region, enum: ["eu"] } }), "region: us is refused"],
    ["values where all were taken", withFields({ key: { ...key, enum: ["a"] } }), "key: only a are accepted"],
    [
      "shorter elements",
      withFields({ list: { ...list, items: { type: "string", maxLength: 8 } } }),
      "list[]: maxLength is 8",
    ],
    [
      "unknown fields refused",
      { ...FORM, additionalProperties: false },
      "configuration: unknown fields are refused",
    ],
    ["a keyword unknown here", withFields({ days: { ...days, multipleOf: 2 } }), "days: another multipleOf"],
  ])("%s: major", (_name, after, what) => {
    expect(compareForms(FORM, after)).toContainEqual({ size: "major", what });
  });

  it.each<[string, Fields]>([
    ["new optional field", withFields({ more: { type: "string" } })],
    ["wider number", withFields({ days: { ...days, type: "number" } })],
    ["a type more", withFields({ key: { ...key, type: ["string", "null"] } })],
    ["a field no longer required", { ...FORM, required: [] }],
    ["wider bounds", withFields({ days: { type: "integer", minimum: -1 } })],
    ["a pattern with one more alternative", withFields({ date: { ...date, pattern: "^$|^[0-9]+$" } })],
    ["no pattern any more", withFields({ date: { type: "string", format: "date-time", default: "2015" } })],
    ["another default", withFields({ date: { ...date, default: "2016" } })],
    ["a value more", withFields({ region: { ...region, enum: ["eu", "us", "in"] } })],
    ["any element", withFields({ list: { type: "array" } })],
  ])("%s: minor", (_name, after) => {
    const changes = compareForms(FORM, after);
    expect(new Set(changes.map(({ size }) => size))).toEqual(new Set(["minor"]));
    // Taken back, it is a change that breaks, but for a default, which is as harmless either way.
    const sizes = compareForms(after, FORM).map(({ size }) => size);
    expect(sizes).toContain(changes[0]?.what.includes("default") === true ? "minor" : "major");
  });

  it.each(["title", "description", "examples", "order", "airbyte_hidden"])("another %s: patch", (keyword) => {
    const after = withFields({ key: { ...key, [keyword]: "other" } });
    expect(compareForms(FORM, after)).toEqual([{ size: "patch", what: `key: another ${keyword}` }]);
  });
});
