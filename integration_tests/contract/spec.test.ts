import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import Ajv from "ajv";
import { runConnector } from "../connector.ts";
import { isObject } from "../fake-api/json.ts";

const SPEC: unknown = JSON.parse(readFileSync(join(__dirname, "..", "..", "spec.json"), "utf8"));
const FORM = isObject(SPEC) ? SPEC["connectionSpecification"] : undefined;
const FIELDS = isObject(FORM) && isObject(FORM["properties"]) ? FORM["properties"] : {};

function withField(name: string, value: unknown): object {
  return { api_key: "a key", secret_key: "another", [name]: value };
}

describe("command: spec", () => {
  it("prints spec.json on one line, and exits 0", async () => {
    const run = await runConnector("spec");
    expect(run.messages).toEqual([{ type: "SPEC", spec: SPEC }]);
    expect(run.lines).toHaveLength(1);
    expect(run).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("configuration (spec.json)", () => {
  // The format has a form show a calendar; Airbyte's server takes a day for a date-time too.
  const ajv = new Ajv({ strict: false, validateFormats: false });
  const isValid = ajv.compile(Object(FORM));

  it("has the contract's fields in its order, of which the two keys are required", () => {
    expect(Object.keys(FIELDS)).toEqual([
      "api_key",
      "secret_key",
      "start_date",
      "end_date",
      "segment_ids",
      "lookback_window_hours",
      "session_key_salt",
      "api_url",
      "request_timeout_seconds",
      "retry_deadline_seconds",
      "accept_count_mismatch",
    ]);
    expect(FORM).toMatchObject({ required: ["api_key", "secret_key"], additionalProperties: true });
  });

  it.each([
    ["api_key", { type: "string", airbyte_secret: true }],
    ["secret_key", { type: "string", airbyte_secret: true }],
    ["start_date", { type: "string", format: "date-time", default: "2015-01-01T00:00:00Z" }],
    ["end_date", { type: "string", format: "date-time" }],
    ["segment_ids", { type: "array", uniqueItems: true, items: { type: "string", minLength: 1 } }],
    ["lookback_window_hours", { type: "integer", minimum: 0, maximum: 8760, default: 24 }],
    ["session_key_salt", { type: "string", airbyte_secret: true }],
    ["api_url", { airbyte_hidden: true, default: "https://api.browsee.io" }],
    ["request_timeout_seconds", { airbyte_hidden: true, minimum: 1, maximum: 600, default: 120 }],
    ["retry_deadline_seconds", { airbyte_hidden: true, minimum: 0, maximum: 86_400, default: 1800 }],
    ["accept_count_mismatch", { type: "boolean", default: false }],
  ])("describes %s as %j", (name, parts) => {
    expect(FIELDS[name]).toMatchObject(parts);
    expect(FIELDS[name]).toMatchObject({
      title: expect.stringMatching(/^[A-Z]/),
      description: expect.stringMatching(/\.$/),
      order: Object.keys(FIELDS).indexOf(name),
    });
  });

  it("has no default for what is optional and has none", () => {
    for (const name of ["end_date", "segment_ids", "session_key_salt"])
      expect(FIELDS[name]).not.toHaveProperty("default");
  });

  it.each([
    ["start_date", "2024-01-31T12:30:00Z"],
    ["start_date", "2024-01-31"],
    ["start_date", ""],
    ["end_date", "2024-01-31"],
    ["end_date", ""],
    ["session_key_salt", ""],
    ["api_url", ""],
    ["api_url", "http://127.0.0.1:8080"],
    ["segment_ids", ["a", "b"]],
    ["an_unknown_field", { deep: [1] }],
  ])("lets %s be %j", (name, value) => {
    expect(isValid(withField(name, value))).toBe(true);
  });

  it.each([
    ["start_date", "2024-01-31 00:00:00Z"],
    ["start_date", "2024-01-31T00:00:00+01:00"],
    ["end_date", " "],
    ["api_url", "api.browsee.io"],
    ["segment_ids", ["a", "a"]],
    ["lookback_window_hours", 1.5],
  ])("does not let %s be %j", (name, value) => {
    expect(isValid(withField(name, value))).toBe(false);
  });
});
