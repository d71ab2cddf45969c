/** An API that refuses, or goes on failing: a sentence, exit 1, and nothing harmed. */
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import type { Fault } from "../fake-api/faults.ts";
import { expectAll, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const COUNT = 2500;
const HASTY = { request_timeout_seconds: 5, retry_deadline_seconds: 2 };

/** From a request on. */
function from(number: number, what: Fault) {
  return { when: { requests: [...Array(5000).keys()].map((at) => at + number) }, what };
}

/** Has the API fail in the middle until the export gives up, and then lets it go on. */
async function expectGoesOn(file: string, fault: Fault): Promise<void> {
  await atWork(
    { generated: recent(COUNT), faults: [from(15, fault)] },
    async ({ api, path, run, summary }) => {
      const { code, lines, stderr } = await run(file, { config: HASTY });
      // Waits may be told before.
      expect(stderr.trim().split("\n").at(-1)).toMatch(/^Browsee/);
      expect({ code, lines }).toEqual({ code: 1, lines: [] });
      api.handle.setFaults([]);
      const held = (await rowsIn(path(file.endsWith(".duckdb") ? file : `${file}.duckdb`))).length;
      expect(held).toBeGreaterThan(COUNT / 4);
      expect(await summary(file)).toMatchObject([{ new: COUNT - held, changed: 0 }]);
      expectAll(api, await rowsIn(path(file)));
    },
  );
}

const REFUSED: Fault = { kind: "status", status: 401, words: "Invalid key" };

describe.each(["a.duckdb", "a.csv"])("%s", (file) => {
  it("keys that are refused: says so, and makes no file", async () => {
    await atWork({ generated: recent(10), faults: [from(1, REFUSED)] }, async ({ run, folder }) => {
      const { code, lines, stderr } = await run(file);
      expect(stderr).toMatch(/^Browsee refused the keys[^\n]*\n$/);
      expect({ code, lines }).toEqual({ code: 1, lines: [] });
      expect(await readdir(folder)).toEqual(["config.json"]);
    });
  });

  it("other keys may follow those that were refused", async () => {
    await atWork({ generated: recent(10) }, async ({ api, run, done, path }) => {
      const wrong = await run(file, { config: { api_key: "wrong-key-for-now" } });
      expect(wrong.code).toBe(1);
      await done(file);
      expectAll(api, await rowsIn(path(file)));
    });
  });

  it("keys that are refused later: what was exported stays, and goes on with keys that work", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, path, run, done }) => {
      await done(file);
      const { to } = recent(0);
      api.handle.appendGenerated(20, to, to + 30_000);
      api.handle.setFaults([from(1, REFUSED)]);
      const { code, stderr } = await run(file);
      expect(stderr).toMatch(/^Browsee refused the keys/);
      expect(code).toBe(1);
      expect((await rowsIn(path(file))).length).toBe(COUNT);
      api.handle.setFaults([]);
      await done(file);
      expectAll(api, await rowsIn(path(file)));
    });
  });

  it("errors that stay: says so, keeps what was read, and goes on there", async () => {
    await expectGoesOn(file, { kind: "status", status: 503, words: "down" });
  });
});

describe("a.csv", () => {
  it.each([
    ["silence", { kind: "hang" }],
    ["cut answers", { kind: "truncate" }],
    ["nonsense", { kind: "no-exports" }],
  ] as const)("%s that stays: says so, keeps what was read, and goes on there", async (_what, fault) => {
    await expectGoesOn("a.csv", fault);
  });
});

describe("--json", () => {
  it("holds what went wrong with each stream", async () => {
    const segments = ["--segment", "mobile-visitors", "--segment", "unknown"];
    await atWork({ generated: recent(300) }, async ({ run }) => {
      const { code, lines, stderr } = await run("a.duckdb", { args: [...segments, "--json"] });
      expect(code).toBe(1);
      const words = 'segment_sessions of "unknown": Browsee refused the request';
      expect(stderr).toContain(`\n${words}`);
      expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
        {
          status: "failed",
          streams: [
            { stream: "sessions", status: "complete", sessions: 300, error: null },
            {
              stream: "segment_sessions",
              status: "failed",
              sessions: null,
              error: {
                code: "request_refused",
                failure_type: "config_error",
                message: expect.stringContaining(words),
              },
            },
          ],
        },
      ]);
    });
  });
});

describe("an API that passes over", () => {
  it("is waited for, and the person is told", async () => {
    const faults = [
      { when: { requests: [3] }, what: { kind: "status", status: 429, retryAfterS: 3 } as const },
    ];
    await atWork({ generated: recent(500), faults }, async ({ api, path, done }) => {
      const { stderr } = await done("a.csv");
      expect(stderr).toMatch(/; trying again in \d+ s, until \d\d:\d\d at the latest\n/);
      expectAll(api, await rowsIn(path("a.csv")));
    });
  });

  it("that echoes keys has them masked", async () => {
    const what = { kind: "echo-keys", status: 400 } as const;
    await atWork({ generated: recent(50), faults: [{ when: { every: 1 }, what }] }, async ({ run }) => {
      for (const args of [[], ["--json"], ["--quiet"]]) {
        const { code, stderr } = await run("a.csv", { args });
        expect(code).toBe(1);
        expect(stderr).toContain("******");
      }
    });
  });
});
