/** Ctrl-C and SIGTERM: what was read is saved, the person is told how to go on, and the next run goes on there. */
import { describe, expect, it } from "@jest/globals";
import { expectNoSecret } from "../faults/secrets.ts";
import type { Running } from "../program.ts";
import { expectAll, lastByKey, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const COUNT = 3000;
const SENTENCE =
  "Stopped. What was read by then is saved; run the same command again, and it goes on from there.\n";

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s", (signal, code) => {
  it.each(["a.duckdb", "a.parquet", "a.csv", "a.ndjson"])("while %s is written", async (file) => {
    let atRequest: (request: number) => void = () => undefined;
    const onRequest = (request: number) => atRequest(request);
    await atWork({ generated: recent(COUNT), onRequest }, async ({ api, path, start, done }) => {
      const running = await start(file);
      atRequest = (request) => void (request === 20 && running.child.kill(signal));
      const run = await running.ended;
      expectNoSecret(run);
      expect({ code: run.code, signal: run.signal, stderr: run.stderr }).toEqual({
        code,
        signal: null,
        stderr: SENTENCE,
      });
      atRequest = () => undefined;
      const before = api.stats.requests;
      await done(file);
      // Whatever was answered before the signal is not asked for again.
      expect(api.stats.requests - before).toBeLessThan(COUNT / 100 - 10);
      expectAll(api, lastByKey(await rowsIn(path(file))));
      // Nothing was in the lookback twice.
      expect((await rowsIn(path(file))).length).toBe(COUNT);
    });
  });

  it("while a pipe is written to: says that it has stopped", async () => {
    let atRequest: (request: number) => void = () => undefined;
    const onRequest = (request: number) => atRequest(request);
    await atWork({ generated: recent(COUNT), onRequest }, async ({ start }) => {
      const running = await start("-");
      atRequest = (request) => void (request === 10 && running.child.kill(signal));
      const run = await running.ended;
      expect(run).toMatchObject({ code, signal: null, rest: "", stderr: "Stopped.\n" });
      expect(run.lines.length).toBeGreaterThan(0);
    });
  });

  it("with --quiet says nothing, with --json says so there", async () => {
    let atRequest: (request: number) => void = () => undefined;
    const onRequest = (request: number) => atRequest(request);
    await atWork({ generated: recent(COUNT), onRequest }, async ({ start }) => {
      const running = await start("a.csv", { args: ["--quiet", "--json"] });
      atRequest = (request) => void (request === 10 && running.child.kill(signal));
      const { code: found, stderr, lines } = await running.ended;
      expect({ code: found, stderr }).toEqual({ code, stderr: "" });
      expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
        { status: "stopped", streams: [{ status: "stopped", error: null }] },
      ]);
    });
  });

  it("stops the streams behind as well", async () => {
    let atRequest: (request: number) => void = () => undefined;
    const onRequest = (request: number) => atRequest(request);
    await atWork({ generated: recent(COUNT), onRequest }, async ({ start, summary }) => {
      const segments = ["--segment", "mobile-visitors"];
      const running = await start("a.duckdb", { args: [...segments, "--json"] });
      atRequest = (request) => void (request === 10 && running.child.kill(signal));
      const { code: found, lines } = await running.ended;
      expect(found).toBe(code);
      expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
        { streams: [{ stream: "sessions" }] },
      ]);
      atRequest = () => undefined;
      const streams = await summary("a.duckdb", { args: segments });
      expect(streams).toMatchObject([{ sessions: COUNT }, { status: "complete" }]);
    });
  });
});

describe("a reader that goes away", () => {
  it("ends an export to a pipe without a word", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ start }) => {
      const onLine = (_line: string, running: Running) => void running.child.stdout.destroy();
      const running = await start("-", { options: { onLine } });
      const { signal, stderr } = await running.ended;
      expect({ signal, stderr }).toEqual({ signal: "SIGTERM", stderr: "" });
    });
  });
});
