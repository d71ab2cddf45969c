import { describe, expect, it } from "@jest/globals";
import { runConnector } from "../connector.ts";

// Whoever takes a wrong value for right asks a port where nobody listens, and gives up at once.
const RIGHT = {
  api_key: "right-form",
  secret_key: "right-form",
  api_url: "http://127.0.0.1:9",
  retry_deadline_seconds: 0,
};

/** Values that a field must not have, by field; undefined leaves it out. */
const WRONG: Readonly<Record<string, readonly unknown[]>> = {
  api_key: [undefined, null, "", 8_675_309, true, ["x"], {}],
  secret_key: [undefined, null, "", 8_675_309, false, ["x"], {}],
  start_date: [
    "",
    20_240_131,
    "2024-01-31",
    "2024-01-31 00:00:00Z",
    "2024-01-31T00:00:00",
    "2024-01-31T00:00:00.000Z",
    "2024-01-31T00:00:00+01:00",
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-01-01T24:00:00Z",
    "2016-12-31T23:59:60Z",
    "yesterday",
  ],
  end_date: [
    "",
    1,
    "2024-02-30T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "2014-12-31T00:00:00Z",
    "2015-01-01T00:00:00Z",
  ],
  segment_ids: ["one", [""], [1], [null], ["same", "same"], { a: "b" }],
  lookback_window_hours: [-1, 8761, 1.5, "24", true, []],
  api_url: [
    "",
    "api.browsee.io",
    "ftp://api.browsee.io",
    "http://api.browsee.io",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://10.0.0.1",
    "https://user:pass@api.browsee.io",
    "https://api.browsee.io/api/v1",
    "https://api.browsee.io?a=b",
    "https://",
    443,
  ],
  request_timeout_seconds: [0, -1, 601, 0.5, "120"],
  retry_deadline_seconds: [-1, 86_401, 0.5, "1800"],
};

const CASES = Object.entries(WRONG).flatMap(([field, values]) =>
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
