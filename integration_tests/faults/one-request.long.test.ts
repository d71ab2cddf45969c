/** The API allows one open request: also where ours was given up, and where another program has the same keys. */

import { describe, expect, it } from "@jest/globals";
import type { Fault } from "../fake-api/faults.ts";
import type { ExportRequest } from "../fake-api/request.ts";
import { ask } from "../fake-api/test-client.ts";
import { expectWhole, readHastily, withApi } from "./fault-run.ts";

describe("a request that was given up", () => {
  it.concurrent.each(["hang", "drip"] as const)(
    "%s: the API, which goes on with it as long again, is not asked a second time",
    async (kind) => {
      const faults = [{ when: { requests: [1, 4] }, what: { kind } }];
      await withApi({ faults, lingerMs: 1000 }, async (api) => {
        const run = await readHastily(api);
        expect(run.code).toBe(0);
        expectWhole(api, run.records);
        expect(api.stats).toMatchObject({ maxOpen: 1, refused: 0, faulted: 2 });
      });
    },
  );

  it.concurrent("nor by the next stream, where that was the last attempt", async () => {
    const matching = ({ segmentId }: ExportRequest) => segmentId === undefined;
    const faults = [{ when: { matching }, what: { kind: "hang" } as const }];
    await withApi({ faults, lingerMs: 1000 }, async (api) => {
      const config = { segment_ids: ["mobile-visitors"], retry_deadline_seconds: 1 };
      const run = await readHastily(api, { streams: { sessions: {}, segment_sessions: {} }, config });
      expect(run.code).toBe(1);
      expect(run.records).toHaveLength([...api.handle.truth({ segmentId: "mobile-visitors" })].length);
      expect(api.stats).toMatchObject({ maxOpen: 1, refused: 0 });
    });
  });
});

describe("another program with the same keys", () => {
  it("is waited for", async () => {
    const busyStatus = 400;
    await withApi({ busyStatus, latencyMs: 15 }, async (api) => {
      let ended = false;
      let othersRefused = 0;
      const refused = () => api.stats.refused - othersRefused;
      const other = (async () => {
        // In between, the slot is free for a moment.
        while (!ended && refused() < 3) {
          const { status } = await ask(api, { start: 1, limit: 1 });
          if (status === busyStatus) othersRefused += 1;
        }
      })();
      const run = await readHastily(api);
      ended = true;
      await other;
      expect(run.code).toBe(0);
      expectWhole(api, run.records);
      expect(refused()).toBeGreaterThan(0);
    });
  });

  it("that never ends is a transient_error, never a config_error", async () => {
    const what: Fault = { kind: "status", status: 400, words: "Another request is already open." };
    await withApi({ faults: [{ when: { every: 1 }, what }] }, async (api) => {
      const run = await readHastily(api, { config: { retry_deadline_seconds: 1 } });
      expect(run.code).toBe(1);
      expect(run.errors).toMatchObject([{ failure_type: "transient_error" }]);
    });
  });
});
