/** `check` has an answer within 30 s, whatever the API does: a person is waiting. */
import { describe, expect, it } from "@jest/globals";
import { configFor, runConnector } from "../connector.ts";
import type { Fault } from "../fake-api/faults.ts";
import { withApi } from "./fault-run.ts";
import { expectNoSecret } from "./secrets.ts";
import { silentServer } from "./servers.ts";

/** What the contract allows. */
const ANSWER_MS = 30_000;

/** What check says of an API with the longest patience that can be configured, and that it says so in time. */
async function answerOf(url: string, more: object = {}): Promise<string> {
  const begun = performance.now();
  const patience = { request_timeout_seconds: 600, retry_deadline_seconds: 86_400 };
  const run = await runConnector("check", { config: configFor({ url }, { ...patience, ...more }) });
  expect(performance.now() - begun).toBeLessThan(ANSWER_MS);
  expectNoSecret(run);
  expect(run.code).toBe(0);
  const last = run.messages.at(-1);
  if (last?.type !== "CONNECTION_STATUS") throw new Error("no CONNECTION_STATUS");
  return `${last.connectionStatus.status}: ${last.connectionStatus.message ?? ""}`;
}

const CASES: readonly (readonly [Fault, RegExp])[] = [
  [{ kind: "hang" }, /^FAILED: .*no whole answer within 20 s \(1 attempt in 20 s\)/],
  [{ kind: "drip", everyMs: 1000 }, /^FAILED: .*no whole answer within 20 s \(1 attempt in 20 s\)/],
  [
    { kind: "status", status: 503 },
    /^FAILED: .*HTTP status 503: "Service Unavailable" \(\d+ attempts in \d+ s\)/,
  ],
  [
    { kind: "status", status: 429, retryAfterS: 600 },
    /^FAILED: .*HTTP status 429: "Too Many Requests" \(1 attempt in 0 s\)/,
  ],
];

describe("check", () => {
  it.concurrent.each(CASES)("%j", async (what, expected) => {
    await withApi({ faults: [{ when: { every: 1 }, what }] }, async (api) => {
      expect(await answerOf(api.url)).toMatch(expected);
    });
  });

  it.concurrent("of an API that takes the connection and says nothing", async () => {
    const silent = await silentServer();
    expect(await answerOf(`https://localhost:${silent.port}`)).toMatch(
      /^FAILED: .*no connection to .* within 20 s/,
    );
    await silent.close();
  });

  it.concurrent.each([9000, 15_000])(
    "of an API that takes %d ms for each of two segments",
    async (latencyMs) => {
      const segment_ids = ["mobile-visitors", "from-campaigns"];
      await withApi({ latencyMs }, async (api) => {
        expect(await answerOf(api.url, { segment_ids })).toMatch(/^SUCCEEDED/);
      });
    },
  );
});
