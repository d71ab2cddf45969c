/** An API that refuses, or goes on failing: a sentence, exit 1, and nothing harmed. */
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import type { Fault } from "../fake-api/faults.ts";
import { expectAll, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const COUNT = 2500;
const HASTY = { request_timeout_seconds: 5, retry_deadline_seconds: 2 };
const REFUSED: Fault = { kind: "status", status: 401, words: "Invalid key" };

/** From a request on. */
function from(number: number, what: Fault) {
  return { when: { requests: [...Array(5000).keys()].map((at) => at + number) }, what };
}

describe.each(["a.duckdb", "a.csv"])("%s", (file) => {
  it("keys that are refused: says so and makes no file; later, what was exported stays", async () => {
    const faults = [from(1, REFUSED)];
    await atWork({ generated: recent(COUNT), faults }, async ({ api, folder, path, run, done }) => {
      const refused = async () => {
        const { code, lines, stderr } = await run(file);
        expect(stderr).toMatch(/^Browsee refused the keys[^\n]*\n$/);
        expect({ code, lines }).toEqual({ code: 1, lines: [] });
      };
      await refused();
      expect(await readdir(folder)).toEqual(["config.json"]);
      api.handle.setFaults([]);
      // Other keys may follow those that were refused.
      expect((await run(file, { config: { api_key: "wrong-key-for-now" } })).code).toBe(1);
      await done(file);
      const { to } = recent(0);
      api.handle.appendGenerated(20, to, to + 30_000);
      api.handle.setFaults(faults);
      await refused();
      expect((await rowsIn(path(file))).length).toBe(COUNT);
      api.handle.setFaults([]);
      await done(file);
      expectAll(api, await rowsIn(path(file)));
    });
  });
});

describe("what goes on failing", () => {
  it.each([
    ["errors", "a.duckdb", { kind: "status", status: 503, words: "down" }],
    ["silence", "a.csv", { kind: "hang" }],
    ["cut answers", "a.duckdb", { kind: "truncate" }],
    ["nonsense", "a.csv", { kind: "no-exports" }],
  ] as const)("%s: says so, keeps what was read into %s, and goes on there", async (_what, file, fault) => {
    const faults = [from(20, fault)];
    await atWork({ generated: recent(COUNT), faults }, async ({ api, path, run, summary }) => {
      const { code, lines, stderr } = await run(file, { config: HASTY });
      // Waits may be told before.
      expect(stderr.trim().split("\n").at(-1)).toMatch(/^Browsee/);
      expect({ code, lines }).toEqual({ code: 1, lines: [] });
      api.handle.setFaults([]);
      const held = (await rowsIn(path(file.endsWith(".duckdb") ? file : `${file}.duckdb`))).length;
      expect(held).toBeGreaterThan(COUNT / 4);
      expect(await summary(file)).toMatchObject([{ new: COUNT - held, changed: 0 }]);
      expectAll(api, await rowsIn(path(file)));
    });
  });

  it("stands in what --json prints of each stream", async () => {
    const args = ["--segment", "mobile-visitors", "--segment", "unknown", "--json"];
    await atWork({ generated: recent(300) }, async ({ run }) => {
      const { code, lines, stderr } = await run("a.duckdb", { args });
      const message = 'segment_sessions of "unknown": Browsee refused the request';
      expect(stderr).toContain(`\n${message}`);
      const error = { code: "request_refused", failure_type: "config_error" };
      const failed = { status: "failed", sessions: null, error };
      expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
        {
          status: "failed",
          streams: [
            { stream: "sessions", status: "complete", sessions: 300, error: null },
            { ...failed, stream: "segment_sessions" },
          ],
        },
      ]);
      expect(lines.join()).toContain(JSON.stringify(message).slice(1, -1));
      expect(code).toBe(1);
    });
  });
});

describe("an API that passes over", () => {
  it("is waited for, and the person is told", async () => {
    const what = { kind: "status", status: 429, retryAfterS: 3 } as const;
    const faults = [{ when: { requests: [3] }, what }];
    await atWork({ generated: recent(500), faults }, async ({ api, path, done }) => {
      const { stderr } = await done("a.csv");
      expect(stderr).toMatch(/; trying again in \d+ s, until \d\d:\d\d at the latest\n/);
      expectAll(api, await rowsIn(path("a.csv")));
    });
  });

  it("that echoes keys has them masked", async () => {
    const faults = [{ when: { every: 1 }, what: { kind: "echo-keys", status: 400 } as const }];
    await atWork({ generated: recent(50), faults }, async ({ run }) => {
      for (const args of [[], ["--json", "--quiet"]]) {
        const { code, stderr } = await run("a.csv", { args });
        expect(code).toBe(1);
        expect(stderr).toContain("******");
      }
    });
  });
});
