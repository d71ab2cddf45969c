import { describe, expect, it } from "@jest/globals";
import { field } from "../../src/json.ts";
import { createApi, firstSync } from "../model/api.ts";
import { usual } from "../model/case.ts";
import { syncOnce } from "../model/sync-once.ts";

const DAY = 86_400;
const site = { ...usual, outside: 0, duplicates: 0, pageSize: 100 };

class ToldToStop extends Error {}

function stopAt(request: number) {
  return (number: number) => {
    if (number === request) throw new ToldToStop();
  };
}

describe("a sync that is told to stop", () => {
  it.each([1, 2, 3, 11, 12, 20, 30])(
    "before request %d ends with a state that covers all it wrote",
    async (request) => {
      for (const window of [2 * DAY, 90 * DAY]) {
        const tried = { ...site, sessions: 3500, window };
        const api = createApi(tried);
        const now = firstSync(tried);
        const first = await syncOnce(api, now, { beforeRequest: stopAt(request) });
        expect(first.error).toBeInstanceOf(ToldToStop);
        const second = await syncOnce(api, now, { state: first.state });
        expect(second.error).toBeUndefined();
        const ids = [...first.written, ...second.written].map(({ id }) => id);
        expect(ids).toHaveLength(3500);
        expect(new Set(ids).size).toBe(3500);
        const third = await syncOnce(api, now + 1, { state: second.state });
        expect(third.written).toEqual([]);
      }
    },
  );

  it("goes on where it stopped, with the count of the first run", async () => {
    const tried = { ...site, sessions: 5000, window: 2 * DAY };
    const api = createApi(tried);
    const first = await syncOnce(api, firstSync(tried), { beforeRequest: stopAt(40) });
    expect(first.state).toMatchObject({ slice: { offset: expect.any(Number), total: 5000 } });
    const second = await syncOnce(api, firstSync(tried), { state: first.state });
    expect(first.requests + second.requests).toBeLessThan(50 * 1.5);
  });

  it("goes on without what has gone meanwhile", async () => {
    const tried = { ...site, sessions: 2000, window: 2 * DAY };
    const api = createApi(tried);
    const first = await syncOnce(api, firstSync(tried), { beforeRequest: stopAt(15) });
    for (const { id } of api.world.sessions().filter((session) => session.id % 3 > 0)) api.world.remove(id);
    const second = await syncOnce(api, firstSync(tried), { state: first.state });
    expect(second.error).toBeUndefined();
    const came = new Set([...first.written, ...second.written].map(({ id }) => id));
    expect(api.world.sessions().filter(({ id }) => !came.has(id))).toEqual([]);
    for (const { id } of api.world.sessions()) api.world.remove(id);
    const third = await syncOnce(api, firstSync(tried), { state: first.state });
    expect([third.error, third.written]).toEqual([undefined, []]);
  });

  it.each(["ascending", "descending", "arbitrary"] as const)(
    "has written all before its timestamp, where the API cuts start and end to minutes: %s",
    async (order) => {
      const crowd = { dense: 300, sessions: 1000, window: 2 * DAY, filter: "minutes", order } as const;
      for (let request = 2; request < 60; request += 1) {
        const tried = { ...site, ...crowd };
        const api = createApi(tried);
        const { state, written } = await syncOnce(api, firstSync(tried), { beforeRequest: stopAt(request) });
        const came = new Set(written.map(({ id }) => id));
        const before = Number(field(state, "timestamp") ?? 0);
        const missing = api.world.sessions().filter(({ id, at }) => at < before && !came.has(id));
        expect({ request, missing: missing.length }).toEqual({ request, missing: 0 });
      }
    },
  );

  it.each([
    ["descending", 900, 600],
    ["arbitrary", 900, 600],
    ["arbitrary", 150, 60],
  ] as const)(
    "is made up for by the next, where the API cuts start and end to minutes: %s, %d in %d s",
    async (...given) => {
      const [order, sessions, dense] = given;
      const tried = { ...site, dense, sessions, window: 2 * DAY, filter: "minutes", order } as const;
      const now = firstSync(tried);
      for (let request = 2; request < 40; request += 3) {
        const api = createApi(tried);
        const written: string[] = [];
        let state: unknown;
        for (const last of [request, 3, 0, 3, 0]) {
          const sync = await syncOnce(api, now, { state, beforeRequest: stopAt(last) });
          if (last === 0) {
            expect({ request, error: sync.error }).toEqual({ request, error: undefined });
            expect(sync.requests).toBeLessThanOrEqual(100);
          }
          written.push(...sync.written.map(({ id }) => String(id)));
          state = sync.state;
        }
        expect(new Set(written).size).toBe(sessions);
      }
    },
  );
});
