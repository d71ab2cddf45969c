import { describe, expect, it } from "@jest/globals";
import { runConnector } from "../connector.ts";

// Whoever takes a wrong value for right asks a port where nobody listens, and gives up at once.
const RIGHT = {
  api_key: "right-form",
  secret_key: "right-form",
  api_url: "http://127.0.0.1:9",
  retry_deadline_seconds: 0,
};

// Which values are wrong: unit_tests/config.test.ts.
describe("configuration: anything wrong", () => {
  it("is a FAILED check that names the field", async () => {
    const run = await runConnector("check", { config: { ...RIGHT, start_date: "2024-02-30" } });
    expect(run.messages).toEqual([
      {
        type: "CONNECTION_STATUS",
        connectionStatus: { status: "FAILED", message: expect.stringMatching(/^start_date .+\.$/) },
      },
    ]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
  });

  it.each([
    ["discover", "api_url", "http://api.browsee.io"],
    ["read", "segment_ids", ["same", "same"]],
  ] as const)("is a config_error of %s, e.g. %s: %j", async (command, field, value) => {
    const catalog = command === "read" ? { streams: [] } : undefined;
    const run = await runConnector(command, { config: { ...RIGHT, [field]: value }, catalog });
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

  it("is named without the value of a key", async () => {
    const config = { api_key: "super-secret-part", secret_key: { deep: "super-secret-part" } };
    expect((await runConnector("check", { config })).lines.join()).not.toMatch(/super|secret-part/);
  });
});
