import { describe, expect, it } from "@jest/globals";
import { readFrom } from "../connector.ts";
import { apiStarter } from "../fake-api/api-starter.ts";
import type { JsonRecord } from "../fake-api/json.ts";
import type { FakeApi } from "../fake-api/server.ts";

const T = Date.UTC(2024, 1, 1);
const BASE = {
  timestamp: T,
  ip: "192.0.2.1",
  domain: "www.example.com",
  landingPage: "https://www.example.com/",
  referrer: "search.example.com",
  browser: "Firefox",
  os: "Linux",
  device: "Desktop",
  isMobile: false,
};

const start = apiStarter();

/** The key of each session by a field that tells them apart. */
async function keysBy(api: FakeApi, field: string, config: object = {}): Promise<Map<unknown, unknown>> {
  const { records } = await readFrom(api, { config });
  const keys = new Map(records.map(({ data }) => [data[field], data["sessionKey"]]));
  expect(keys.size).toBe(records.length);
  return keys;
}

async function allKeys(api: FakeApi): Promise<readonly unknown[]> {
  return (await readFrom(api)).records.map(({ data }) => data["sessionKey"]).sort();
}

describe("sessionKey: made from the fields that never change after a session began", () => {
  it("differs where any of them differs", async () => {
    const other = {
      timestamp: T + 1,
      ip: "192.0.2.2",
      domain: "shop.example.com",
      landingPage: "https://www.example.com/b",
      referrer: "other.example.com",
      browser: "Chrome",
      os: "Windows",
      device: "Tablet",
      isMobile: true,
    };
    const variants = Object.entries(other).map(([field, value]) => ({
      ...BASE,
      [field]: value,
      name: field,
    }));
    const keys = await keysBy(await start({ sessions: [{ ...BASE, name: "base" }, ...variants] }), "name");
    expect(new Set(keys.values()).size).toBe(10);
  });

  it("stays where any other changes: userId, name, email, tags, duration, the counts, urls, and the rest", async () => {
    const api = await start({ generated: { count: 50, from: T, to: T + 3_600_000 } });
    const before = await keysBy(api, "timestamp");
    const changes: JsonRecord = {
      userId: "u",
      name: "n",
      email: "e@example.com",
      tags: ["t"],
      duration: 99,
      activeTime: 98,
      inactiveTime: 1,
      pageCount: 9,
      eventCount: 97,
      urls: ["https://www.example.com/later"],
      utm_source: "s",
      city: "c",
      country: "d",
      plan: "gold",
    };
    expect(api.handle.change({ where: () => true }, changes)).toHaveLength(50);
    expect(await keysBy(api, "timestamp")).toEqual(before);
  });
});

describe("sessionKey: the same session has the same key at every read", () => {
  it("is keyed with api_key: no two projects share one, and the same project always does", async () => {
    const generated = { count: 50, from: T, to: T + 3_600_000 };
    const ours = await keysBy(await start({ generated }), "timestamp");
    const again = await keysBy(await start({ generated, secretKey: "rotated" }), "timestamp", {
      secret_key: "rotated",
    });
    const theirs = await keysBy(await start({ generated, apiKey: "another" }), "timestamp", {
      api_key: "another",
    });
    expect(again).toEqual(ours);
    const known = new Set(ours.values());
    expect([...theirs.values()].filter((key) => known.has(key))).toEqual([]);
  });

  it("is keyed with session_key_salt too: others with each, and as they were without", async () => {
    const api = await start({ generated: { count: 50, from: T, to: T + 3_600_000 } });
    const plain = await keysBy(api, "timestamp");
    for (const session_key_salt of [null, "", " \n"])
      expect(await keysBy(api, "timestamp", { session_key_salt })).toEqual(plain);
    const salted = await keysBy(api, "timestamp", { session_key_salt: "pepper, and more of it" });
    const other = await keysBy(api, "timestamp", { session_key_salt: "pepper, and more of it!" });
    expect(new Set([plain, salted, other].flatMap((keys) => [...keys.values()])).size).toBe(150);
    expect(api.log.some(({ body }) => JSON.stringify(body).includes("pepper"))).toBe(false);
  });

  it("is the same in both streams, and with any columns", async () => {
    const api = await start({ generated: { count: 50, from: T, to: T + 3_600_000 } });
    const all = await keysBy(api, "timestamp");
    const { records } = await readFrom(api, {
      config: { segment_ids: ["mobile-visitors"] },
      streams: { segment_sessions: { columns: ["name"] } },
    });
    expect(records.length).toBeGreaterThan(5);
    for (const { data } of records) expect(data["sessionKey"]).toBe(all.get(data["timestamp"]));
  });

  it("is the same for a value of another type that says the same", async () => {
    const [plain, strings] = await Promise.all([
      start({ sessions: [BASE] }),
      start({ sessions: [{ ...BASE, timestamp: String(T), isMobile: "false" }] }),
    ]);
    expect(await allKeys(strings)).toEqual(await allKeys(plain));
  });
});

describe("sessionKey: rows of one response that agree in all those fields are sessions of their own", () => {
  const ORDERS = ["ascending", "descending", "arbitrary"] as const;

  it.each([2, 3])(
    "%d of them, even if they agree in everything: different keys, the same at the next read",
    async (count) => {
      const api = await start({ sessions: Array(count).fill(BASE) });
      const keys = await allKeys(api);
      expect(new Set(keys).size).toBe(count);
      expect(await allKeys(api)).toEqual(keys);
    },
  );

  it("each keeps its own key at the next read, and in another order of the API", async () => {
    const sessions = ["a", "b", "c"].map((userId) => ({ ...BASE, userId }));
    const keys = await keysBy(await start({ sessions }), "userId");
    expect(new Set(keys.values()).size).toBe(3);
    for (const order of ORDERS)
      expect(await keysBy(await start({ sessions, order }), "userId")).toEqual(keys);
  });

  it("the first of them has the key that it would have alone", async () => {
    const [alone] = await allKeys(await start({ sessions: [BASE] }));
    expect(await allKeys(await start({ sessions: [BASE, BASE] }))).toContain(alone);
  });

  it.each(ORDERS.flatMap((order) => [98, 99, 100, 197].map((place) => ({ order, place }))))(
    "on different pages too: three from place $place on, $order",
    async ({ order, place }) => {
      const others = (from: number, count: number) =>
        Array.from({ length: count }, (_, at) => ({ ...BASE, timestamp: from + at, userId: `other ${at}` }));
      const duplicates = ["a", "b", "c"].map((userId) => ({ ...BASE, timestamp: T + 5000, userId }));
      const sessions = [...others(T, place), ...duplicates, ...others(T + 9000, 300 - place)];
      const api = await start({ sessions, order });
      const { records } = await readFrom(api);
      expect(records).toHaveLength(303);
      const keys = new Map(
        records.map(({ data }) => [`${data["timestamp"]} ${data["userId"]}`, data["sessionKey"]]),
      );
      expect(new Set(keys.values()).size).toBe(303);
      const again = (await readFrom(api)).records;
      expect(
        new Map(again.map(({ data }) => [`${data["timestamp"]} ${data["userId"]}`, data["sessionKey"]])),
      ).toEqual(keys);
    },
  );

  it("even a page full of them", async () => {
    const api = await start({ sessions: Array(250).fill(BASE) });
    const keys = await allKeys(api);
    expect(new Set(keys).size).toBe(250);
    expect(await allKeys(api)).toEqual(keys);
  });
});
