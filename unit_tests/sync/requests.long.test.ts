import { describe, expect, it } from "@jest/globals";
import { createApi, firstSync } from "../model/api.ts";
import { type Case, usual } from "../model/case.ts";
import { syncOnce } from "../model/sync-once.ts";

const DAY = 86_400;
const large = { ...usual, pageSize: 100, outside: 0, duplicates: 0, late: 0 };
const history = { ...large, sessions: 20_000, window: 100 * DAY };
const lookback = { ...large, sessions: 10_000, window: DAY };

/** Requests of a first sync that brings everything. */
async function requestsOf(tried: Case): Promise<number> {
  const api = createApi(tried);
  const stood = api.world.sessions().map(({ id }) => id);
  const { written, error, requests } = await syncOnce(api, firstSync(tried));
  expect(error).toBeUndefined();
  const came = new Set(written.map(({ id }) => id));
  expect(stood.filter((id) => !came.has(id) && api.world.find(id) !== undefined)).toEqual([]);
  return requests;
}

describe("requests", () => {
  it.each(["ascending", "descending"] as const)(
    "history at rest, %s: 1.05 for each 100 sessions and 60 more",
    async (order) => {
      expect(await requestsOf({ ...history, order })).toBeLessThanOrEqual(1.05 * 200 + 60);
    },
  );

  it.each(["ascending", "descending"] as const)(
    "history at rest with ten sessions a second, %s: 1.2 for each 100 sessions and 60 more",
    async (order) => {
      const busy = { ...history, window: 4 * DAY, dense: 2000, order };
      expect(await requestsOf(busy)).toBeLessThanOrEqual(1.2 * 200 + 60);
    },
  );

  it.each(["ascending", "descending", "changing", "arbitrary", "insertion", "newest", "random"] as const)(
    "the lookback, %s: 1.5 for each 100 sessions, at rest and moving",
    async (order) => {
      expect(await requestsOf({ ...lookback, order })).toBeLessThanOrEqual(1.5 * 100);
      const moving = {
        ...lookback,
        order,
        move: 0.5,
        moves: ["insert", "remove", "change", "swap"] as const,
      };
      expect(await requestsOf(moving)).toBeLessThanOrEqual(1.5 * 105);
    },
  );

  it("ordered by activity: 1.9 for each 100 sessions", async () => {
    expect(await requestsOf({ ...lookback, order: "activity" })).toBeLessThanOrEqual(1.9 * 100);
  });

  it.each(["ascending", "descending", "arbitrary"] as const)(
    "10,000 sessions in one minute or 15,000 in one second, %s: 2.5 for each 100",
    async (order) => {
      const minute = { ...large, sessions: 10_000, dense: 60, order };
      expect(await requestsOf(minute)).toBeLessThanOrEqual(2.5 * 100);
      const second = { ...large, sessions: 100, burst: 15_000, order };
      expect(await requestsOf(second)).toBeLessThanOrEqual(2.5 * 151);
    },
  );

  it("a window without sessions: at most two", async () => {
    expect(await requestsOf({ ...large, sessions: 0 })).toBeLessThanOrEqual(2);
  });
});
