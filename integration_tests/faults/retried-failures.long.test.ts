/** Failures that pass cost time and nothing else: the read ends well, with every session once. */
import { describe, expect, it } from "@jest/globals";
import type { Fault } from "../fake-api/faults.ts";
import { expectWhole, readHastily, withApi } from "./fault-run.ts";

// Which other statuses pass: unit_tests/browsee/response.test.ts.
const ONCE: readonly Fault[] = [
  { kind: "status", status: 502, html: true },
  { kind: "status", status: 503, retryAfterS: 1, retryAfterAsDate: true },
  { kind: "status", status: 429, retryAfterS: 1 },
  { kind: "status", status: 400, words: "Another request is already open." },
  { kind: "reset" },
  { kind: "truncate" },
  { kind: "hang" },
  { kind: "drip", everyMs: 1 },
  { kind: "slow", ms: 1500 },
  { kind: "endless" },
  { kind: "broken-gzip" },
  { kind: "cut-json" },
  { kind: "html-200" },
  { kind: "no-data" },
  { kind: "null-rows" },
  { kind: "empty-page" },
];

describe("a failure that passes", () => {
  it.concurrent.each(ONCE)("%j", async (what) => {
    await withApi({ faults: [{ when: { requests: [1, 5] }, what }] }, async (api) => {
      const run = await readHastily(api);
      expect(run.code).toBe(0);
      expectWhole(api, run.records);
      expect(api.stats).toMatchObject({ maxOpen: 1, refused: 0, rejected: 0, faulted: 2 });
    });
  });
});

describe("failures at random", () => {
  const quick = ONCE.filter(({ kind }) => !["hang", "drip", "endless", "slow"].includes(kind));

  it.concurrent("of all kinds, also several in a row", async () => {
    const seed = 1;
    const faults = quick.map((what, at) => ({
      when: { probability: 0.025, seed: seed * 100 + at },
      what,
    }));
    faults.push({ when: { probability: 0.01, seed }, what: { kind: "hang" } });
    await withApi({ faults, seed }, async (api) => {
      const run = await readHastily(api);
      expect(run.code).toBe(0);
      expectWhole(api, run.records);
      expect(api.stats.maxOpen).toBe(1);
      expect(api.stats.faulted).toBeGreaterThan(0);
    });
  });
});
