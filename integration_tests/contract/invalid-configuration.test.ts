import { describe, expect, it } from "@jest/globals";
import { runConnector } from "../connector.ts";
import { WRONG_VALUES } from "./wrong-values.ts";

// Whoever takes a wrong value for right asks a port where nobody listens, and gives up at once.
const RIGHT = {
  api_key: "right-form",
  secret_key: "right-form",
  api_url: "http://127.0.0.1:9",
  retry_deadline_seconds: 0,
};

const CASES = Object.entries(WRONG_VALUES).flatMap(([field, values]) =>
  values.map((value) => [field, value] as const),
);

describe("configuration: anything wrong is a FAILED check that names the field", () => {
  it.each(CASES)("%s: %j", async (field, value) => {
    const run = await runConnector("check", { config: { ...RIGHT, [field]: value } });
    expect(run.messages).toEqual([
      {
        type: "CONNECTION_STATUS",
        connectionStatus: { status: "FAILED", message: expect.stringMatching(`^${field} .+\\.$`) },
      },
    ]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("configuration: anything wrong is a config_error of discover and read", () => {
  const catalog = { streams: [] };
  it.each([
    ["discover", "api_key", undefined],
    ["discover", "api_url", "http://api.browsee.io"],
    ["read", "secret_key", undefined],
    ["read", "start_date", "2024-02-30T00:00:00Z"],
    ["read", "end_date", "2014-12-31T00:00:00Z"],
    ["read", "segment_ids", ["same", "same"]],
  ] as const)("%s with %s: %j", async (command, field, value) => {
    const files = { config: { ...RIGHT, [field]: value }, ...(command === "read" && { catalog }) };
    const run = await runConnector(command, files);
    expect(run.messages).toHaveLength(1);
    expect(run.errors).toEqual([
      {
        message: expect.stringMatching(`^${field} .+\\.$`),
        internal_message: expect.stringMatching(/^config_invalid: /),
        failure_type: "config_error",
      },
    ]);
    expect(run).toMatchObject({ code: 1, stderr: "" });
  });
});

describe("configuration: a secret's value is never named", () => {
  it.each([
    { api_key: 867_530_912_345, secret_key: "x" },
    { api_key: ["super-secret-part"], secret_key: "x" },
    { api_key: "super-secret-part", secret_key: { deep: "super-secret-part" } },
    { api_key: "super-secret-part", secret_key: "super-secret-part", api_url: "not an origin" },
  ])("not in the answer to %j", async (config) => {
    const run = await runConnector("check", { config });
    expect(run.lines.join()).not.toMatch(/867530912345|super|secret-part/);
  });
});
