/** Errors that nothing in the program has caught. */
import { describe, expect, it } from "@jest/globals";
import { lastStates } from "../connector.ts";
import { KEYS } from "../fake-api/test-client.ts";
import { COUNT, expectWhole, readHastily, withApi } from "./fault-run.ts";
import { interruptedRead } from "./interrupted.ts";

/** JavaScript that does something as soon as some pages have been written. */
function afterSomePages(what: string): string {
  return `
    const write = process.stdout.write;
    let bytes = 0;
    process.stdout.write = function (chunk, ...rest) {
      bytes += chunk.length;
      if (bytes > 300_000 && bytes < 1e9) {
        bytes = 1e9;
        setImmediate(() => { ${what} });
      }
      return write.call(this, chunk, ...rest);
    };`;
}

describe("an error that nothing has caught", () => {
  it.each([
    ["an exception", `throw new TypeError("broken by ${KEYS.secretKey}");`],
    ["a rejection", `Promise.reject(new TypeError("broken by ${KEYS.secretKey}"));`],
    ["a rejection without an error", `Promise.reject("broken by ${KEYS.secretKey}");`],
    [
      "several at once",
      `for (const at of [1, 2, 3]) setImmediate(() => { throw new TypeError("broken by ${KEYS.apiKey}"); });`,
    ],
  ])("%s: one TRACE, exit 1, and all that was written stands", async (_what, script) => {
    await withApi({}, async (api) => {
      const crashed = await interruptedRead(api, { hook: afterSomePages(script) });
      expect(crashed).toMatchObject({ code: 1, signal: null });
      expect(crashed.errors).toMatchObject([
        {
          failure_type: "system_error",
          message: expect.stringContaining("an error it did not expect"),
          internal_message: expect.stringMatching(/^internal: .*broken by \*{6}/),
        },
      ]);
      expect(crashed.records.length).toBeGreaterThan(0);
      expect(crashed.records.length).toBeLessThan(COUNT);
      const rest = await readHastily(api, { state: lastStates(crashed) });
      expectWhole(api, [...crashed.records, ...rest.records]);
    });
  });
});

describe("stdout that cannot be written", () => {
  it("is told on stderr, for there is no other place, with exit 1", async () => {
    await withApi({}, async (api) => {
      const full = `
        const { Writable } = require("node:stream");
        const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
        const stdout = new Writable({ write(chunk, encoding, done) { done(full); } });
        Object.defineProperty(process, "stdout", { value: stdout });`;
      await expect(interruptedRead(api, { hook: full })).rejects.toThrow(
        "stderr: stdout can't be written: Error: ENOSPC: no space left on device",
      );
    });
  });
});
