import { describe, expect, it } from "@jest/globals";
import { apiStarter } from "./api-starter.ts";
import { explicitBase, generatedBase } from "./base.ts";
import { createDataset } from "./dataset.ts";
import { below } from "./random.ts";
import { isSession } from "./session.ts";
import type { Order } from "./switches.ts";
import { ask, column, pageOf, readPages } from "./test-client.ts";

const FROM = Date.parse("2024-03-01T00:00:00Z");
const TO = Date.parse("2024-04-01T00:00:00Z");
const RANGE = { start: FROM / 1000, end: TO / 1000 };

const start = apiStarter({ idField: "id" });

function ids(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function ascending(one: unknown, other: unknown): number {
  return Number(one) - Number(other);
}

describe("orders", () => {
  const generated = { count: 1234, from: FROM, to: TO };

  it.each<Order>(["ascending", "descending", "arbitrary"])(
    "%s: each session comes once, page by page",
    async (order) => {
      const came = await readPages(await start({ generated, order }), RANGE, "id");
      const sorted = [...came].sort(ascending);
      expect(sorted).toEqual(ids(1234));
      if (order === "ascending") expect(came).toEqual(sorted);
      if (order === "descending") expect(came).toEqual(sorted.reverse());
      if (order === "arbitrary") expect(came).not.toEqual(sorted);
    },
  );

  it("arbitrary: what comes and goes does not move the others", async () => {
    const api = await start({ generated, order: "arbitrary" });
    const before = await readPages(api, RANGE, "id");
    const removed = new Set<unknown>(api.handle.remove({ ids: [3, 700, 1233, 5000] }));
    const inserted = new Set<unknown>(api.handle.appendGenerated(50, FROM, TO));
    expect([removed.size, inserted.size]).toEqual([3, 50]);
    const after = await readPages(api, RANGE, "id");
    expect(after).toHaveLength(1234 - 3 + 50);
    expect(after.filter((id) => !inserted.has(id))).toEqual(before.filter((id) => !removed.has(id)));
  });

  it("random: another order at every request, the same at every run", async () => {
    const [one, other] = [
      await start({ generated, order: "random" }),
      await start({ generated, order: "random" }),
    ];
    const first = column(pageOf(await ask(one, RANGE)), "id");
    expect(column(pageOf(await ask(other, RANGE)), "id")).toEqual(first);
    expect(column(pageOf(await ask(one, RANGE)), "id")).not.toEqual(first);
  });
});

describe("bounds", () => {
  const sessions = [999, 1000, 1001, 1999, 2000, 2001].map((timestamp) => ({ timestamp }));

  it.each([
    ["inclusive", "exclusive", [1000, 1001, 1999]],
    ["inclusive", "inclusive", [1000, 1001, 1999, 2000]],
    ["exclusive", "exclusive", [1001, 1999]],
    ["exclusive", "inclusive", [1001, 1999, 2000]],
  ] as const)("start %s, end %s", async (first, last, expected) => {
    const api = await start({ sessions, bounds: { start: first, end: last } });
    expect(column(pageOf(await ask(api, { start: 1, end: 2 })), "timestamp")).toEqual(expected);
  });
});

describe("generated sessions", () => {
  it("depend on the seed alone", async () => {
    const generated = { count: 300, from: FROM, to: TO };
    const rows = async (seed: number) => pageOf(await ask(await start({ generated, seed }), RANGE)).data;
    expect(await rows(7)).toEqual(await rows(7));
    expect(await rows(8)).not.toEqual(await rows(7));
  });

  it("start in order and within their time, some in the same second and few in the same ms", () => {
    const { timestampAt } = generatedBase({ count: 20_000, seed: 3, from: FROM, to: TO });
    const starts = ids(20_000).map(timestampAt);
    expect(starts).toEqual([...starts].sort(ascending));
    expect([(starts[0] ?? 0) >= FROM, (starts.at(-1) ?? TO) < TO]).toEqual([true, true]);
    const distinctMs = new Set(starts).size;
    const distinctS = new Set(starts.map((time) => Math.floor(time / 1000))).size;
    expect(distinctMs).toBeLessThan(20_000);
    expect(distinctMs).toBeGreaterThan(19_500);
    expect(distinctS).toBeLessThan(distinctMs);
  });

  it("are consistent in themselves and as varied as a real site's", async () => {
    const api = await start({ generated: { count: 3000, from: FROM, to: TO } });
    const rows = [...api.handle.truth()].map(({ row }) => row).filter(isSession);
    expect(rows).toHaveLength(3000);
    for (const row of rows) {
      const urls = Array.isArray(row.urls) ? row.urls : undefined;
      expect(row.pageCount).toBe(urls?.length);
      expect(row.landingPage).toBe(urls?.[0] ?? "");
      expect(Number(row.activeTime) + Number(row.inactiveTime)).toBe(row.duration);
    }
    const named = rows.filter(({ userId }) => typeof userId === "string" && userId !== "");
    expect(named.length / rows.length).toBeGreaterThan(0.25);
    expect(named.length / rows.length).toBeLessThan(0.35);
    expect(new Set(named.map(({ userId }) => userId)).size).toBeLessThan(named.length);
    const text = JSON.stringify(rows);
    for (const script of [
      /\p{Script=Cyrillic}/u,
      /\p{Script=Han}/u,
      /\p{Script=Arabic}/u,
      /\p{Script=Devanagari}/u,
      /⭐/u,
    ]) {
      expect(text).toMatch(script);
    }
  });

  it("take no memory, a million of them", () => {
    const dataset = createDataset(generatedBase({ count: 1_000_000, seed: 1, from: FROM, to: TO }));
    const before = process.memoryUsage();
    let seen = 0;
    for (let time = 0; time < 300; time += 1) {
      const from = FROM + below(TO - FROM, 5, time, 0);
      const range = dataset.range(from, from + 86_400_000);
      const page = dataset.ids(range, below(range.total, 5, time, 1), 100);
      for (const id of page) if (dataset.timestamp(id) >= from) seen += 1;
      expect(page.length).toBeGreaterThan(0);
    }
    const after = process.memoryUsage();
    expect(seen).toBeGreaterThan(20_000);
    // Eight bytes for each would be 8 MB outside or inside the heap; garbage of this loop stays far below 100.
    expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(1_000_000);
    expect(after.heapUsed - before.heapUsed).toBeLessThan(100_000_000);
  });
});

describe("the set", () => {
  it("is what a plain list would be, after any insertions and removals", () => {
    const base = generatedBase({ count: 60, seed: 2, from: 0, to: 1000 });
    const dataset = createDataset(base);
    let model = ids(60).map((id) => ({ id, timestamp: base.timestampAt(id) }));
    for (let step = 0; step < 400; step += 1) {
      const draw = (bound: number, salt: number) => below(bound, 9, step, salt);
      if (draw(2, 0) === 0) {
        const timestamp = draw(1000, 1);
        const [id = -1] = dataset.insert([{ timestamp, firstRequest: 1, row: () => null }]);
        model.push({ id, timestamp });
        model.sort((one, other) => one.timestamp - other.timestamp || one.id - other.id);
      } else {
        const gone = model[draw(model.length, 2)]?.id ?? -1;
        expect(dataset.remove(gone)).toBe(true);
        model = model.filter(({ id }) => id !== gone);
      }
      const [from, to] = [draw(1000, 3), draw(1100, 4)];
      const expected = model
        .filter(({ timestamp }) => timestamp >= from && timestamp < to)
        .map(({ id }) => id);
      const range = dataset.range(from, to);
      const offset = draw(expected.length + 2, 5);
      expect(range.total).toBe(expected.length);
      expect(dataset.ids(range, offset, 7)).toEqual(expected.slice(offset, offset + 7));
    }
  });

  it("keeps broken rows beside their neighbours", () => {
    const rows = [{ timestamp: "20" }, null, { timestamp: 10 }, "text", { timestamp: "soon" }];
    const base = explicitBase(rows, 0);
    expect(ids(5).map((index) => [base.timestampAt(index), base.rowAt(index)])).toEqual([
      [10, { timestamp: 10 }],
      [10, "text"],
      [10, { timestamp: "soon" }],
      [20, { timestamp: "20" }],
      [20, null],
    ]);
  });
});
