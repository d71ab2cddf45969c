/** A reader of stdout that is slow, or goes away. */
import { describe, expect, it } from "@jest/globals";
import { understand } from "../connector.ts";
import { expectWhole, withApi } from "./fault-run.ts";
import { interruptedRun, once, untilStill } from "./interrupted.ts";

/** Requests of the first three slices, with room. */
const THREE_SLICES = 40;
const MANY = { generated: { count: 20_000, from: Date.UTC(2024, 0, 1), to: Date.UTC(2024, 2, 1) } };

describe("a reader that stops", () => {
  it("stops the reading too, and loses nothing", async () => {
    await withApi(MANY, async (api) => {
      let stalledAt = 0;
      const run = await interruptedRun(api, {
        onLine: once(/"RECORD"/, ({ child }) => {
          child.stdout.pause();
          void untilStill(() => api.stats.requests).then((requests) => {
            stalledAt = requests;
            child.stdout.resume();
          });
        }),
      });
      expect(run.code).toBe(0);
      // What fits into the pipe and its two ends, and the slice that is being read: of more than 200.
      expect(stalledAt).toBeGreaterThan(0);
      expect(stalledAt).toBeLessThan(THREE_SLICES);
      expectWhole(api, understand(run).records);
    });
  });
});

describe("a reader that goes away", () => {
  it("ends the program as by SIGTERM, without a word", async () => {
    await withApi(MANY, async (api) => {
      const run = await interruptedRun(api, {
        onLine: once(/"RECORD"/, ({ child }) => void child.stdout.destroy()),
      });
      expect(run).toMatchObject({ code: null, signal: "SIGTERM", stderr: "" });
      expect(api.stats.requests).toBeLessThan(THREE_SLICES);
    });
  });

  it("before the first message", async () => {
    await withApi({}, async (api) => {
      const run = await interruptedRun(api, { onStart: ({ child }) => void child.stdout.destroy() });
      expect(run).toMatchObject({ code: null, signal: "SIGTERM", stderr: "" });
    });
  });

  it("and sends SIGTERM, as PyAirbyte does, while the program waits for the API", async () => {
    const faults = [{ when: { requests: [8] }, what: { kind: "hang" } as const }];
    await withApi({ faults }, async (api) => {
      const run = await interruptedRun(api, {
        config: { request_timeout_seconds: 60 },
        onLine: once(/"RECORD"/, ({ child }) => {
          void untilStill(() => api.stats.requests).then(() => {
            child.stdout.destroy();
            child.kill("SIGTERM");
          });
        }),
      });
      expect(run).toMatchObject({ code: null, signal: "SIGTERM", stderr: "" });
    });
  });

  it("ends process 1 of a container, which no signal of its own ends, with exit code 143", async () => {
    await withApi(MANY, async (api) => {
      const run = await interruptedRun(api, {
        hook: "process.kill = () => true;",
        onLine: once(/"RECORD"/, ({ child }) => void child.stdout.destroy()),
      });
      expect(run).toMatchObject({ code: 143, signal: null, stderr: "" });
    });
  });
});
