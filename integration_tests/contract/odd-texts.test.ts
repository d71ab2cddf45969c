/** Texts from outside that no message may pass on as they are; `understand` refuses half of a surrogate pair in any line. */
import { describe, expect, it } from "@jest/globals";
import { catalogOf, configFor, readFrom, runConnector } from "../connector.ts";
import type { FakeApiOptions } from "../fake-api/options.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";

const HALF = "\ud83d";

async function withApi(options: FakeApiOptions, work: (api: FakeApi) => Promise<void>): Promise<void> {
  const api = await startFakeApi(options);
  try {
    await work(api);
  } finally {
    await api.close();
  }
}

describe("half of a surrogate pair becomes U+FFFD", () => {
  it("in the API's words", async () => {
    const what = { kind: "status", status: 400, words: `no segment ${HALF}` } as const;
    await withApi({ faults: [{ when: { every: 1 }, what }] }, async (api) => {
      const run = await runConnector("check", { config: configFor(api) });
      expect(run.messages.at(-1)).toMatchObject({
        connectionStatus: { status: "FAILED", message: expect.stringContaining("no segment \ufffd") },
      });
    });
  });

  it("in the ID of a segment, so that the next sync finds its state", async () => {
    await withApi({ generated: { count: 20 } }, async (api) => {
      const config = { segment_ids: [`a${HALF}b`, "mobile-visitors "] };
      const first = await readFrom(api, { config, streams: { segment_sessions: {} } });
      expect(first.errors).toMatchObject([{ message: expect.stringContaining('"a\ufffdb"') }]);
      expect(first.states.at(-1)?.stream.stream_state).toMatchObject({
        states: [{ partition: { segmentId: "a\ufffdb" } }, { partition: { segmentId: "mobile-visitors" } }],
      });
    });
  });

  it("in the name of a stream, and in what a state keeps of others", async () => {
    const catalog = catalogOf({ [`x${HALF}`]: {} });
    const wrong = await runConnector("read", { config: configFor({ url: "http://127.0.0.1:9" }), catalog });
    expect(wrong.errors).toMatchObject([{ message: expect.stringContaining('"x\ufffd"') }]);

    await withApi({ generated: { count: 20 } }, async (api) => {
      const gone = { partition: { segmentId: HALF }, cursor: { timestamp: 1, [HALF]: HALF } };
      const stream = { stream_descriptor: { name: "segment_sessions" }, stream_state: { states: [gone] } };
      const { states, code } = await readFrom(api, {
        config: { segment_ids: ["mobile-visitors"] },
        streams: { segment_sessions: {} },
        state: [{ type: "STREAM", stream }],
      });
      expect(code).toBe(0);
      expect(states.at(-1)?.stream.stream_state).toMatchObject({
        states: [{ partition: { segmentId: "\ufffd" }, cursor: { "\ufffd": "\ufffd" } }, {}],
      });
    });
  });
});
