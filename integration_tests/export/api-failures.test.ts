/** An API that refuses, or goes on failing: a sentence, exit 1, and nothing harmed. */
import { expect, it } from "@jest/globals";
import { atWork, FEW, FORMS, jsonOf, recent } from "./workplace.ts";

it.each(FORMS)("Keys that are refused make no file %s; later, what was exported stays", (file) =>
  atWork(FEW, async ({ api, fails, files, done, grow, rows, brings }) => {
    const refused = (config: object) => fails(file, /^Browsee refused the keys[^\n]*\n$/, { config });
    // Other keys may follow those that were refused.
    for (const config of [{ secret_key: "wrong" }, { api_key: "wrong-key-for-now" }]) await refused(config);
    expect(await files()).toEqual([]);
    await done(file);
    grow(20);
    const what = { kind: "status", status: 401, words: "Invalid key" } as const;
    api.handle.setFaults([{ when: { every: 1 }, what }]);
    await refused({});
    expect((await rows(file)).length).toBe(120);
    api.handle.setFaults([]);
    await brings(file);
  }),
);

it("What goes on failing stands in what --json prints of each stream", () =>
  atWork(FEW, async ({ run }) => {
    const args = ["--segment", "mobile-visitors", "--segment", "unknown", "--json"];
    const { code, lines, stderr } = await run("a.duckdb", { args });
    const words = expect.stringContaining('segment_sessions of "unknown": Browsee refused the request');
    const error = { code: "request_refused", failure_type: "config_error", message: words };
    const streams = [
      { stream: "sessions", status: "complete", sessions: 120, error: null },
      { stream: "segment_sessions", status: "failed", sessions: null, error },
    ];
    expect({ code, stderr }).toEqual({ code: 1, stderr: words });
    expect(jsonOf(lines)).toMatchObject({ status: "failed", streams });
  }));

it("An API that asks for patience is waited for, and the person is told", () => {
  const what = { kind: "status", status: 429, retryAfterS: 3 } as const;
  return atWork(
    { generated: recent(500), faults: [{ when: { requests: [3] }, what }] },
    async ({ done, whole }) => {
      expect((await done("a.csv")).stderr).toMatch(
        /; trying again in \d+ s, until \d\d:\d\d at the latest\n/,
      );
      await whole("a.csv");
    },
  );
});

it("An API that echoes keys has them masked", () => {
  const faults = [{ when: { every: 1 }, what: { kind: "echo-keys", status: 400 } as const }];
  return atWork({ ...FEW, faults }, async ({ run }) => {
    const stderr = expect.stringContaining("******");
    for (const args of [[], ["--json", "--quiet"]])
      expect(await run("a.csv", { args })).toMatchObject({ code: 1, stderr });
  });
});
