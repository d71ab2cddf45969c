/** Nothing keeps the process alive once its work is done. */
import { describe, expect, it } from "@jest/globals";
import type { Fault } from "../fake-api/faults.ts";
import { from, withApi } from "./fault-run.ts";
import { interruptedRun, once, untilStill } from "./interrupted.ts";
import { silentServer } from "./servers.ts";

/** Tells on stderr what is left at the end. */
const HOOK = `
  process.on("exit", () => {
    require("node:fs").writeSync(2, JSON.stringify(process.getActiveResourcesInfo()));
  });`;

/** All but what stdout itself is. */
function left(stderr: string): readonly unknown[] {
  const kinds: unknown = JSON.parse(stderr);
  return Array.isArray(kinds) ? kinds.filter((kind) => kind !== "PipeWrap") : [kinds];
}

describe("at the end, no socket and no timer is left", () => {
  it.concurrent.each<[string, Fault | undefined, number]>([
    ["of a read that went well", undefined, 0],
    ["of a read that was refused", { kind: "status", status: 401 }, 1],
    ["of a read whose API broke off", { kind: "reset" }, 1],
    ["of a read whose API did not answer", { kind: "hang" }, 1],
    ["of a read whose API did not stop", { kind: "endless" }, 1],
  ])("%s", async (_what, fault, code) => {
    await withApi({ faults: fault === undefined ? [] : [from(8, fault)] }, async (api) => {
      const run = await interruptedRun(api, { hook: HOOK, config: { retry_deadline_seconds: 1 } });
      expect(run.code).toBe(code);
      expect(left(run.stderr)).toEqual([]);
    });
  });

  it.concurrent("of a read that was told to stop", async () => {
    await withApi({ faults: [from(8, { kind: "hang" })] }, async (api) => {
      const run = await interruptedRun(api, {
        hook: HOOK,
        config: { request_timeout_seconds: 60 },
        onLine: once(/"RECORD"/, ({ child }) => void child.kill("SIGTERM")),
      });
      expect(run.code).toBe(143);
      expect(left(run.stderr)).toEqual([]);
    });
  });

  it.concurrent("of a read that was told to stop while the connection was being made", async () => {
    const silent = await silentServer();
    const url = `https://localhost:${silent.port}`;
    const run = await interruptedRun(
      { url },
      {
        hook: HOOK,
        config: { request_timeout_seconds: 60 },
        onLine: once(/reading sessions/, ({ child }) => {
          void untilStill(silent.connections).then(() => child.kill("SIGTERM"));
        }),
      },
    );
    expect(run.code).toBe(143);
    expect(left(run.stderr)).toEqual([]);
    await silent.close();
  });

  it.concurrent("nor a listener for each page", async () => {
    const warns = `process.on("warning", ({ name, message }) => require("node:fs").writeSync(2, name + message));`;
    await withApi({ generated: { count: 3000 } }, async (api) => {
      const run = await interruptedRun(api, { hook: warns });
      expect(run).toMatchObject({ code: 0, stderr: "" });
    });
  });
});
