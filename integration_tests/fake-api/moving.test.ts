import { describe, expect, it } from "@jest/globals";
import { apiStarter } from "./api-starter.ts";
import type { Drift } from "./drift.ts";
import type { FakeApi } from "./server.ts";
import { isSession } from "./session.ts";
import { ask, column, jsonOf, pageOf, readPages, send } from "./test-client.ts";

const FROM = Date.parse("2024-03-01T00:00:00Z");
const TO = Date.parse("2024-03-02T00:00:00Z");
const RANGE = { start: FROM / 1000, end: TO / 1000 };
const generated = { count: 1000, from: FROM, to: TO };

const start = apiStarter({ generated, idField: "id" });

function present(api: FakeApi): readonly number[] {
  return [...api.handle.truth()].map(({ id }) => id);
}

describe("drift", () => {
  it("makes reading page by page lose some sessions and repeat others", async () => {
    const losing = await start({ drift: { every: 1, remove: 3, where: "head" } });
    const ids = new Set(await readPages(losing, RANGE, "id"));
    const kept = [...losing.handle.presentThroughout(1)];
    expect(kept.some(({ id }) => !ids.has(id))).toBe(true);

    const repeating = await start({ drift: { every: 1, insert: 3, where: "head" } });
    const rows = await readPages(repeating, RANGE, "id");
    expect(new Set(rows).size).toBeLessThan(rows.length);
  });

  it("is the same at every run with the same seed, and does nothing out of turn", async () => {
    const drift: Drift = { every: 3, insert: 2, remove: 1, change: 1 };
    const [one, other] = [await start({ drift }), await start({ drift })];
    for (const api of [one, other]) {
      await ask(api, RANGE);
      await ask(api, RANGE);
      expect(api.handle.size()).toBe(1000);
      for (let time = 3; time <= 9; time += 1) await ask(api, RANGE);
    }
    expect(one.handle.size()).toBe(1003);
    expect([...one.handle.truth()]).toEqual([...other.handle.truth()]);
  });

  it("stays in the range that is asked for, and at its place", async () => {
    const api = await start({ drift: { every: 1, insert: 5, remove: 5, where: "tail" } });
    const before = present(api);
    const hour = { start: RANGE.start + 43_200, end: RANGE.start + 54_000 };
    await ask(api, hour);
    const after = [...api.handle.truth()];
    const gone = before.filter((id) => !after.some((session) => session.id === id));
    const come = after.filter(({ id }) => id >= 1000);
    expect([gone.length, come.length]).toEqual([5, 5]);
    const middle = (hour.start + hour.end) * 500;
    for (const { timestamp } of come) {
      expect(timestamp).toBeGreaterThan(middle);
      expect(timestamp).toBeLessThan(hour.end * 1000);
    }
  });

  it("can be stopped", async () => {
    const api = await start({ drift: [{ every: 1, remove: 1 }] });
    await ask(api, RANGE);
    api.handle.setDrift([]);
    await ask(api, RANGE);
    expect(api.handle.size()).toBe(999);
  });
});

describe("drift of sessions that go on", () => {
  it("does not touch what they began with", async () => {
    const api = await start({ drift: { every: 1, change: 40 } });
    const before = new Map([...api.handle.truth()].map(({ id, row }) => [id, row]));
    await ask(api, RANGE);
    const changed = [...api.handle.truth()].filter(
      ({ id, row }) => JSON.stringify(before.get(id)) !== JSON.stringify(row),
    );
    expect(changed.length).toBeGreaterThan(20);
    for (const { id, row } of changed) {
      const was = before.get(id);
      if (!isSession(row) || !isSession(was)) throw new Error("no session");
      expect(Number(row.duration)).toBeGreaterThan(Number(was.duration));
      expect(Number(row.activeTime)).toBe(Number(row.duration) - Number(row.inactiveTime));
      expect(Array.isArray(row.urls) ? row.urls.length : 0).toBe(row.pageCount);
      const { timestamp, ip, domain, landingPage, referrer, browser, os, device, isMobile } = was;
      expect(row).toMatchObject({
        timestamp,
        ip,
        domain,
        landingPage,
        referrer,
        browser,
        os,
        device,
        isMobile,
      });
    }
    const identified = changed.filter(
      ({ id, row }) =>
        isSession(row) && isSession(before.get(id)) && row.userId !== Object(before.get(id)).userId,
    );
    expect(identified.length).toBeGreaterThan(0);
  });
});

describe("the handle", () => {
  it("moves the set for the requests that follow", async () => {
    const api = await start({ generated: { ...generated, count: 10 } });
    expect(api.handle.remove({ nth: 0 })).toEqual([0]);
    expect(api.handle.remove({ where: (_session, id) => id === 5 || id === 0 })).toEqual([5]);
    expect(api.handle.insert([{ timestamp: FROM, domain: "new.example" }])).toEqual([10]);
    expect(api.handle.change({ nth: 1 }, { domain: "changed.example", email: undefined })).toEqual([1]);
    const page = pageOf(await ask(api, RANGE));
    expect(column(page, "id")).toEqual([10, 1, 2, 3, 4, 6, 7, 8, 9]);
    expect(column(page, "domain").slice(0, 2)).toEqual(["new.example", "changed.example"]);
    expect(() => api.handle.change({ nth: 1 }, { timestamp: 5 })).toThrow(RangeError);
  });

  it("sees a changed session in the segments that it belongs to now", async () => {
    const api = await start({});
    const mobile = { ...RANGE, segmentId: "mobile-visitors" };
    const before = pageOf(await ask(api, mobile));
    api.handle.change({ ids: [Number(column(before, "id")[0])] }, { isMobile: false });
    expect(pageOf(await ask(api, mobile)).total).toBe(Number(before.total) - 1);
  });

  it("calls the hook before each answer, and what it adds is in that answer", async () => {
    const numbers: number[] = [];
    const api = await start({
      generated: { ...generated, count: 1 },
      onRequest: (number, request, handle) => {
        numbers.push(number);
        expect(request.from).toBe(number - 1);
        handle.insert([{ timestamp: TO - number }]);
      },
    });
    expect(pageOf(await ask(api, { ...RANGE, from: 0 })).total).toBe(2);
    expect(pageOf(await ask(api, { ...RANGE, from: 1 })).total).toBe(3);
    expect(numbers).toEqual([1, 2]);
  });

  it("answers 500 if the hook fails", async () => {
    const api = await start({
      onRequest: () => {
        throw new Error("from the test");
      },
    });
    expect((await ask(api, RANGE)).status).toBe(500);
    expect((await ask(api, RANGE)).status).toBe(500);
  });

  it("knows what was there throughout", async () => {
    const api = await start({ generated: { ...generated, count: 3 } });
    const throughout = (since: number) => [...api.handle.presentThroughout(since)].map(({ id }) => id);
    await ask(api, RANGE);
    api.handle.insert([{ timestamp: FROM }]);
    const mark = api.handle.mark();
    await ask(api, RANGE);
    api.handle.insert([{ timestamp: FROM }]);
    api.handle.remove({ ids: [1] });
    expect(mark).toBe(2);
    expect(throughout(1)).toEqual([0, 2]);
    expect(throughout(mark)).toEqual([3, 0, 2]);
    expect(present(api)).toEqual([3, 4, 0, 2]);
  });
});

describe("control over HTTP", () => {
  it("tells the stats and appends sessions between the newest and now", async () => {
    const now = TO + 3_600_000;
    const api = await start({ control: true, now: () => now });
    await ask(api, RANGE);
    const appended = await send(api, { count: 25 }, { path: "/append" });
    expect(jsonOf(appended)).toMatchObject({ appended: 25, to: now, sessions: 1025 });
    expect(
      [...api.handle.truth({ start: TO - 3_600_000, end: now })].filter(({ id }) => id >= 1000),
    ).toHaveLength(25);
    const stats = await send(api, "", { path: "/stats", method: "GET" });
    expect(jsonOf(stats)).toMatchObject({ requests: 1, answered: 1, rowsServed: 100, sessions: 1025 });
    for (const body of ["{", { count: 0 }, { count: "1" }]) {
      expect((await send(api, body, { path: "/append" })).status).toBe(400);
    }
    expect((await send(api, "", { path: "/append", method: "GET" })).status).toBe(405);
    expect((await send(api, { order: "newest", cap: 7 }, { path: "/switches" })).status).toBe(200);
    expect(pageOf(await ask(api, RANGE)).total).toBe(7);
    for (const body of ["{", { order: "up" }, { colour: "red" }]) {
      expect((await send(api, body, { path: "/switches" })).status).toBe(400);
    }
  });
});
