import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, configFor, runConnector } from "../connector.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import type { Message } from "../message.ts";

const start = apiStarter();

/** What check answered; a FAILED check is done, so its exit code is 0. */
function verdict({ messages, code }: ConnectorRun): Message | undefined {
  expect(code).toBe(0);
  expect(messages.filter(({ type }) => type !== "LOG")).toHaveLength(1);
  return messages.at(-1);
}

function failed(message: RegExp): object {
  return {
    type: "CONNECTION_STATUS",
    connectionStatus: { status: "FAILED", message: expect.stringMatching(message) },
  };
}

const SUCCEEDED = { type: "CONNECTION_STATUS", connectionStatus: { status: "SUCCEEDED" } };

describe("command: check", () => {
  it("is SUCCEEDED with the right keys, for one small request", async () => {
    const running = await start();
    expect(verdict(await runConnector("check", { config: configFor(running) }))).toEqual(SUCCEEDED);
    expect(running.stats).toMatchObject({ requests: 1, maxOpen: 1 });
    expect(running.log[0]?.body).toMatchObject({ limit: 1 });
  });

  it("is SUCCEEDED for a project without sessions", async () => {
    const running = await start({ sessions: [] });
    expect(verdict(await runConnector("check", { config: configFor(running) }))).toEqual(SUCCEEDED);
  });

  it("asks for each segment, and is SUCCEEDED if there are all", async () => {
    const running = await start();
    const config = configFor(running, { segment_ids: ["mobile-visitors", "from-campaigns"] });
    expect(verdict(await runConnector("check", { config }))).toEqual(SUCCEEDED);
    const asked = running.log.map(({ body }) => body?.["segmentId"]);
    expect(asked).toEqual(expect.arrayContaining(["mobile-visitors", "from-campaigns"]));
    expect(running.stats.maxOpen).toBe(1);
  });

  it.each(["api_key", "secret_key"])(
    "is FAILED with a wrong %s, in the API's words and without the keys",
    async (field) => {
      const running = await start();
      const wrong = "0000-a-wrong-key-1111";
      const run = await runConnector("check", { config: configFor(running, { [field]: wrong }) });
      expect(verdict(run)).toEqual(failed(/Secret Key invalid\..*api_key and secret_key/));
      expect(run.lines.join()).not.toMatch(/0000|wrong-key|1111/);
    },
  );

  it("is FAILED with an unknown segment, and names it", async () => {
    const running = await start();
    const config = configFor(running, { segment_ids: ["mobile-visitors", "no-such-segment"] });
    expect(verdict(await runConnector("check", { config }))).toEqual(
      failed(/no-such-segment.*Segment not found\..*segment_ids/),
    );
  });

  it.each([400, 401] as const)("shows no secret that the API echoes back with %d", async (status) => {
    const running = await start({ faults: [{ when: { first: 9 }, what: { kind: "echo-keys", status } }] });
    const run = await runConnector("check", { config: configFor(running) });
    expect(verdict(run)).toEqual(failed(/\*\*\*/));
  });

  it("is FAILED, not stuck, where nobody listens, and says what was tried", async () => {
    const running = await start();
    await running.close();
    const config = configFor(running, { retry_deadline_seconds: 1 });
    expect(verdict(await runConnector("check", { config }))).toEqual(failed(/ECONNREFUSED.*attempts?/));
  });
});
