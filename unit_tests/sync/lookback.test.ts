import { describe, expect, it } from "@jest/globals";
import { type Api, createApi, firstSync } from "../model/api.ts";
import { usual } from "../model/case.ts";
import { createRandom } from "../model/random.ts";
import { type Synced, syncOnce } from "../model/sync-once.ts";
import type { Session } from "../model/world.ts";

const DAY = 86_400;
const site = { ...usual, sessions: 20_000, window: 2 * DAY, outside: 0, duplicates: 0, pageSize: 100 };

function idsOf({ written }: Synced): readonly number[] {
  return written.map(({ id }) => id);
}

/** Some sessions that started within so many seconds before the first sync. */
function recent(api: Api, seconds: number, count: number): readonly Session[] {
  const random = createRandom(3);
  const since = (firstSync(site) - seconds) * 1000;
  const found = api.world.sessions().filter(({ at }) => at >= since);
  return Array.from({ length: count }, () => found[random.below(found.length)]).flatMap((each) => each ?? []);
}

describe("the lookback", () => {
  it("brings late and changed sessions, and hardly any other", async () => {
    const api = createApi(site);
    const now = firstSync(site);
    const { state } = await syncOnce(api, now);
    const touched = recent(api, DAY - 10, 20);
    for (const { id, version } of touched) api.world.change(id, { version: version + 1 });
    const late = Array.from({ length: 5 }, (_, n) => api.world.insert((now - 20_000 * (n + 0.5)) * 1000 + 7));
    const second = await syncOnce(api, now + 1, { state });
    const due = [...touched, ...late].map(({ id }) => id).filter((id) => id !== late.at(-1)?.id);
    expect(due.filter((id) => !idsOf(second).includes(id))).toEqual([]);
    expect(second.written.length).toBeLessThan(25 * 48);
  });

  it("sends nothing again where nothing changed, in whatever order it comes", async () => {
    for (const order of ["ascending", "descending", "arbitrary", "random"] as const) {
      const tried = { ...site, sessions: 3000, order, lastingTies: false, duplicates: 0.1 };
      const api = createApi(tried);
      const first = await syncOnce(api, firstSync(tried));
      expect(first.written).toHaveLength(3000);
      const second = await syncOnce(api, firstSync(tried) + 1, { state: first.state });
      expect(second.written).toEqual([]);
      expect(second.error).toBeUndefined();
    }
  });

  it("keeps the state under 8 kB however busy the site and however long the lookback", async () => {
    for (const days of [1, 30, 365]) {
      const tried = { ...site, sessions: 15_000, window: days * DAY };
      const { states } = await syncOnce(createApi(tried), firstSync(tried), { lookback: days * DAY });
      expect(Math.max(...states.map((state) => JSON.stringify(state).length))).toBeLessThan(8000);
    }
  });

  it("does without in a full refresh, and leaves fingerprints for the incremental sync behind it", async () => {
    const tried = { ...site, sessions: 2000 };
    const api = createApi(tried);
    const now = firstSync(tried);
    const first = await syncOnce(api, now, { forwardOnly: true });
    const second = await syncOnce(api, now + 1, { state: first.state, forwardOnly: true });
    expect([first.written.length, second.written.length]).toEqual([2000, 0]);
    expect(second.requests).toBeLessThan(20);
    const third = await syncOnce(api, now + 2, { state: second.state });
    expect(third.written).toEqual([]);
    expect(third.requests).toBeGreaterThan(10);
  });
});
