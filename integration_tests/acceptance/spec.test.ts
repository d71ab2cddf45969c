/** Airbyte's connector acceptance tests: TestSpec. That spec.json is printed as it is, contract/spec.test.ts shows. */
import { describe, expect, it } from "@jest/globals";
import Ajv from "ajv";
import addFormats from "ajv-formats";
import { isObject } from "../fake-api/json.ts";
import { readSample, testsOf } from "./suites.ts";

type Fields = Readonly<Record<string, unknown>>;

const FORBIDDEN = [
  "not",
  "anyOf",
  "allOf",
  "patternProperties",
  "prefixItems",
  "if",
  "then",
  "else",
  "dependentSchemas",
  "dependentRequired",
  "$ref",
];
/** Names that those tests take for secrets; here also the end of a name counts. */
const SECRET =
  /(^|_)(token|secret|password|key|service_account|tenant_id|certificate|jwt|credentials|app_?id)$/i;

/** Every schema inside a schema, by the name of its property; the names of properties are no keywords. */
function* schemasIn(schema: Fields, name = ""): Generator<readonly [string, Fields]> {
  yield [name, schema];
  const { properties, items } = schema;
  if (isObject(items)) yield* schemasIn(items, `${name}[]`);
  if (!isObject(properties)) return;
  for (const [inner, value] of Object.entries(properties)) {
    if (isObject(value)) yield* schemasIn(value, inner);
  }
}

describe.each(testsOf("spec"))("spec: $spec_path", ({ spec_path }) => {
  const form = readSample(spec_path)["connectionSpecification"];
  const schemas = [...schemasIn(isObject(form) ? form : {})];
  const fields = schemas.filter(([name]) => name !== "" && !name.endsWith("[]"));

  it("takes the sample configuration, and the invalid one but for its keys", () => {
    const ajv = new Ajv({ strict: false });
    addFormats(ajv);
    const isValid = ajv.compile(isObject(form) ? form : {});
    for (const name of ["sample_config", "invalid_config"]) {
      expect(isValid(readSample(`integration_tests/acceptance/${name}.json`))).toBe(true);
    }
    expect(isValid({ api_key: "only one" })).toBe(false);
  });

  it("marks what is secret, and nothing else", () => {
    const secret = fields.filter(([, schema]) => schema["airbyte_secret"] === true).map(([name]) => name);
    const known = fields.map(([name]) => name).filter((name) => SECRET.test(name));
    // The salt is one that Airbyte's list of names does not have.
    expect(secret).toEqual([...known, "session_key_salt"]);
    expect(known).toEqual(["api_key", "secret_key"]);
  });

  it("has one type for each field, elements of one plain type, no empty object", () => {
    for (const [name, schema] of schemas) {
      expect([name, typeof schema["type"]]).toEqual([name, "string"]);
      if (schema["type"] === "object") expect(Object.keys(Object(schema["properties"]))).not.toHaveLength(0);
      if (schema["type"] === "array") expect(schema["items"]).toMatchObject({ type: "string" });
    }
  });

  it("has no keyword that Airbyte's form does not know, and lets unknown fields be", () => {
    for (const [, schema] of schemas) {
      expect(FORBIDDEN.filter((keyword) => keyword in schema)).toEqual([]);
      expect([undefined, true]).toContain(schema["additionalProperties"]);
    }
  });

  it("has a date-time where it has a pattern of one, and the reverse", () => {
    for (const [name, schema] of fields) {
      const hasPattern = String(schema["pattern"]).includes("T[0-9]{2}:[0-9]{2}:[0-9]{2}");
      expect([name, schema["format"] === "date-time"]).toEqual([name, hasPattern]);
    }
  });

  it("has an order of its own for each field, and no duplicate in an enum", () => {
    const orders = fields.map(([, schema]) => schema["order"]);
    expect(new Set(orders).size).toBe(orders.length);
    for (const [, schema] of schemas) {
      const values = [schema["enum"] ?? []].flat();
      expect(new Set(values).size).toBe(values.length);
    }
  });
});
