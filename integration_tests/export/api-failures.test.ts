/** An API that refuses, or goes on failing: a sentence, exit 1, and nothing harmed. */
import { describe, expect, it } from "@jest/globals";
import type { Fault } from "../fake-api/faults.ts";
import { atWork, FORMS, recent, storeOf } from "./workplace.ts";

const COUNT = 2500;
const HASTY = { request_timeout_seconds: 5, retry_deadline_seconds: 2 };

/** From a request on. */
function from(number: number, what: Fault) {
  return { when: { requests: [...Array(5000).keys()].map((at) => at + number) }, what };
}

describe("keys that are refused", () => {
  it.each(FORMS)("are told, and make no file %s; later, what was exported stays", (file) => {
    const faults = [from(1, { kind: "status", status: 401, words: "Invalid key" })];
    return atWork({ generated: recent(COUNT), faults }, async (place) => {
      const refused = () => place.fails(file, /^Browsee refused the keys[^\n]*\n$/);
      await refused();
      expect(await place.files()).toEqual([]);
      place.api.handle.setFaults([]);
      // Other keys may follow those that were refused.
      await place.fails(file, "refused the keys", { config: { api_key: "wrong-key-for-now" } });
      await place.done(file);
      place.grow(20);
      place.api.handle.setFaults(faults);
      await refused();
      expect((await place.rows(file)).length).toBe(COUNT);
      place.api.handle.setFaults([]);
      await place.done(file);
      await place.whole(file);
    });
  });
});

describe("what goes on failing", () => {
  it.each([
    ["errors", "a.duckdb", { kind: "status", status: 503, words: "down" }],
    ["silence", "a.csv", { kind: "hang" }],
    ["cut answers", "a.duckdb", { kind: "truncate" }],
    ["nonsense", "a.csv", { kind: "no-exports" }],
  ] as const)(
    "(%s) is told, what was read into %s is kept, and the next run goes on there",
    (_, file, fault) =>
      atWork({ generated: recent(COUNT), faults: [from(20, fault)] }, async (place) => {
        // Waits may be told before.
        await place.fails(file, /(^|\n)Browsee[^\n]*\n$/, { config: HASTY });
        place.api.handle.setFaults([]);
        const held = (await place.rows(storeOf(file))).length;
        expect(held).toBeGreaterThan(COUNT / 4);
        expect(await place.summary(file)).toMatchObject([{ new: COUNT - held, changed: 0 }]);
        await place.whole(file);
      }),
  );

  it("stands in what --json prints of each stream", () =>
    atWork({ generated: recent(300) }, async ({ run }) => {
      const args = ["--segment", "mobile-visitors", "--segment", "unknown", "--json"];
      const { code, lines, stderr } = await run("a.duckdb", { args });
      const message = 'segment_sessions of "unknown": Browsee refused the request';
      expect(stderr).toContain(`\n${message}`);
      const error = { code: "request_refused", failure_type: "config_error" };
      const streams = [
        { stream: "sessions", status: "complete", sessions: 300, error: null },
        { stream: "segment_sessions", status: "failed", sessions: null, error },
      ];
      expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([{ status: "failed", streams }]);
      expect(lines.join()).toContain(JSON.stringify(message).slice(1, -1));
      expect(code).toBe(1);
    }));
});

describe("an API that", () => {
  it("asks for patience is waited for, and the person is told", () => {
    const what = { kind: "status", status: 429, retryAfterS: 3 } as const;
    const faults = [{ when: { requests: [3] }, what }];
    return atWork({ generated: recent(500), faults }, async ({ done, whole }) => {
      expect((await done("a.csv")).stderr).toMatch(
        /; trying again in \d+ s, until \d\d:\d\d at the latest\n/,
      );
      await whole("a.csv");
    });
  });

  it("echoes keys has them masked", () => {
    const faults = [{ when: { every: 1 }, what: { kind: "echo-keys", status: 400 } as const }];
    return atWork({ generated: recent(50), faults }, async ({ run }) => {
      for (const args of [[], ["--json", "--quiet"]])
        expect(await run("a.csv", { args })).toMatchObject({
          code: 1,
          stderr: expect.stringContaining("******"),
        });
    });
  });
});
