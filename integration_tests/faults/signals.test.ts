/** SIGTERM and SIGINT end a read early, with a state that covers all that was written. */
import { describe, expect, it } from "@jest/globals";
import { type ConnectorRun, lastStates } from "../connector.ts";
import type { FakeApiOptions } from "../fake-api/options.ts";
import type { Running } from "../program.ts";
import { expectWhole, readHastily, withApi } from "./fault-run.ts";
import { type Interruption, interruptedRead, interruptedRun, once, untilStill } from "./interrupted.ts";
import { silentServer } from "./servers.ts";

/** What the contract allows between a signal and the end. */
const END_MS = 5000;

/** Notes how long the process lives on after a signal. */
function stopwatch() {
  let sent = Number.NaN;
  return {
    send({ child }: Running, signal: NodeJS.Signals): void {
      sent = performance.now();
      child.kill(signal);
    },
    elapsed: () => performance.now() - sent,
  };
}

/** Reads until a line fits, sends a signal, reads the rest from the state it left, and holds both against the truth. */
async function expectClean(
  options: FakeApiOptions,
  signal: NodeJS.Signals,
  interruption: Interruption,
): Promise<ConnectorRun> {
  return withApi(options, async (api) => {
    const watch = stopwatch();
    const stopped = await interruptedRead(api, {
      ...interruption,
      onLine: once(/"RECORD"|asking again/, (running) => {
        void untilStill(() => api.stats.requests).then(() => watch.send(running, signal));
      }),
    });
    expect(watch.elapsed()).toBeLessThan(END_MS);
    expect(stopped.signal).toBeNull();
    expect(stopped.errors).toEqual([]);
    expect(stopped.states.length).toBeGreaterThan(0);
    api.handle.setFaults([]);
    const rest = await readHastily(api, { state: lastStates(stopped) });
    expect(rest.code).toBe(0);
    expectWhole(api, [...stopped.records, ...rest.records]);
    return stopped;
  });
}

/** From the sixth request on. */
const LATER = { requests: [...Array(1000).keys()].map((at) => at + 9) };

describe("a signal", () => {
  const signal = "SIGTERM";
  const code = 143;

  it.concurrent("while the API does not answer", async () => {
    const faults = [{ when: LATER, what: { kind: "hang" } as const }];
    const config = { request_timeout_seconds: 60 };
    expect((await expectClean({ faults }, signal, { config })).code).toBe(code);
  });

  it.concurrent("while the API wants to be left alone", async () => {
    const what = { kind: "status", status: 429, retryAfterS: 300 } as const;
    const config = { retry_deadline_seconds: 1000 };
    expect((await expectClean({ faults: [{ when: LATER, what }] }, signal, { config })).code).toBe(code);
  });

  it.concurrent.each([
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const)("in the middle of reading: %s", async (name, expected) => {
    await withApi({ latencyMs: 20 }, async (api) => {
      const stopped = await interruptedRead(api, {
        onLine: once(/"RECORD"/, ({ child }) => void child.kill(name)),
      });
      expect(stopped.code).toBe(expected);
      const rest = await readHastily(api, { state: lastStates(stopped) });
      expectWhole(api, [...stopped.records, ...rest.records]);
    });
  });

  it.concurrent("while the connection is being made", async () => {
    const silent = await silentServer();
    const watch = stopwatch();
    const run = await interruptedRead(
      { url: `https://localhost:${silent.port}` },
      {
        config: { request_timeout_seconds: 60 },
        onLine: once(/reading sessions/, (running) => {
          void untilStill(silent.connections).then(() => watch.send(running, signal));
        }),
      },
    );
    expect(watch.elapsed()).toBeLessThan(END_MS);
    expect(run.code).toBe(code);
    await silent.close();
  });

  it.concurrent("while the reader of stdout is stalled: in time, whatever it has not taken", async () => {
    await withApi({ generated: { count: 20_000 } }, async (api) => {
      const watch = stopwatch();
      const run = await interruptedRun(api, {
        onLine: once(/"RECORD"/, (running) => {
          const { stdout } = running.child;
          stdout.pause();
          running.child.on("exit", () => void stdout.resume());
          void untilStill(() => api.stats.requests).then(() => watch.send(running, signal));
        }),
      });
      expect(watch.elapsed()).toBeLessThan(END_MS);
      expect(run).toMatchObject({ code, signal: null, stderr: "" });
    });
  });
});
