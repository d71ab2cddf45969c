import { describe, expect, it } from "@jest/globals";
import type { PageQuery } from "../../src/browsee/client.ts";
import { createCheckpoints } from "../../src/sync/checkpoints.ts";
import { type KeyedRow, type OutputRecord, type Page, Receipt } from "../../src/sync/page.ts";
import { readPartition } from "../../src/sync/read-partition.ts";
import { PageKnowledge } from "../../src/sync/requests.ts";
import { createRandom } from "../model/random.ts";

const NOW = 1_800_000_000;
const AT = NOW - 40 * 86_400;

/** A session of the crowd: all start in one second. */
function session(number: number, ms: number): KeyedRow {
  const key = number.toString(16).padStart(32, "0");
  return { key, start: AT * 1000 + ms, json: `{"id":${number}}`, nulled: [], hash: number, rank: number };
}

/** Reads a crowd whose rows come in the order that `order` gives at the nth request from an offset. */
async function read(
  crowd: readonly KeyedRow[],
  order: (rows: readonly KeyedRow[], request: number, from: number) => readonly KeyedRow[],
  /** The time that the API holds against start and end, ms. */
  timeOf = ({ start = 0 }: KeyedRow) => start,
  pageRows = 100,
  honoursLimit = true,
): Promise<readonly string[]> {
  const written: OutputRecord[] = [];
  let requests = 0;
  const fetch = async ({ start, end, from, limit }: PageQuery): Promise<Page> => {
    requests += 1;
    const found = crowd.filter((row) => timeOf(row) >= start * 1000 && timeOf(row) <= end * 1000);
    const most = honoursLimit ? Math.min(limit, pageRows) : pageRows;
    const page = order(found, requests, from).slice(from, from + most);
    return { starts: page.map((row) => row.start), total: found.length, rows: () => page };
  };
  const parts = {
    fetch,
    record: (row: KeyedRow, number: number) => ({ ...row, key: `${row.key}+${number}` }),
    output: {
      records: async (batch: readonly OutputRecord[]) => void written.push(...batch),
      report: () => undefined,
    },
    pages: new PageKnowledge(),
    checkpoints: createCheckpoints(
      async () => undefined,
      () => 0,
    ),
    track: () => undefined,
    acceptCountMismatch: false,
    receipt: new Receipt(),
  };
  const bounds = { startDate: AT - 86_400, endDate: undefined, lookback: 86_400, now: NOW };
  await readPartition(parts, undefined, bounds);
  expect(new Set(written.map(({ key }) => key)).size).toBe(written.length);
  return written.map(({ json }) => json).sort();
}

function crowdOf(count: number, ms: (number: number) => number): readonly KeyedRow[] {
  return Array.from({ length: count }, (_, number) => session(number, ms(number)));
}

/** Sessions that agree in everything. */
function alikeOf(count: number): readonly KeyedRow[] {
  const one = { ...session(0, 500), key: "a".repeat(32), hash: -1, rank: -1, json: "{}" };
  return Array.from({ length: count }, () => ({ ...one }));
}

/** A page begins with the last row of the one before. */
function exchanged(rows: readonly KeyedRow[], _request: number, from: number): readonly KeyedRow[] {
  const [before, first] = [rows[from - 1], rows[from]];
  if (before === undefined || first === undefined) return rows;
  return [...rows.slice(0, from - 1), first, before, ...rows.slice(from + 1)];
}

function shuffled(rows: readonly KeyedRow[], seed: number): readonly KeyedRow[] {
  const random = createRandom(seed);
  return rows
    .map((row) => [random.fraction(), row] as const)
    .sort(([a], [b]) => a - b)
    .map(([, row]) => row);
}

describe("a crowd in one second whose ties have no lasting order", () => {
  it.each([101, 120, 150, 300])(
    "%i are each written once where every second answer is reversed",
    async (count) => {
      const crowd = crowdOf(count, () => 500);
      const written = await read(crowd, (rows, request) => (request % 2 === 0 ? rows : [...rows].reverse()));
      expect(written).toEqual(crowd.map(({ json }) => json).sort());
    },
  );

  it("101 are each written once where a later page exchanges its first row with the one before", async () => {
    const crowd = crowdOf(101, (number) => number);
    const written = await read(crowd, exchanged);
    expect(written).toEqual(crowd.map(({ json }) => json).sort());
  });

  it("250 that can't be told apart are all written", async () => {
    expect(await read(alikeOf(250), (rows) => rows)).toHaveLength(250);
  });
});

describe("a crowd in one second of which some can't be told apart", () => {
  it.each([
    [3, 200, 100],
    [20, 180, 100],
    [120, 30, 100],
    [58, 13, 50],
    [110, 4, 100],
    [150, 1, 100],
  ])("%i alike among %i others, on pages of %i, are all written where the order lasts", async (...given) => {
    const [alike, others, pageRows] = given;
    const crowd = [...alikeOf(alike), ...crowdOf(others, () => 500)];
    for (const seed of [1, 2, 3]) {
      const rows = shuffled(crowd, seed);
      const written = await read(rows, (found) => found, undefined, pageRows);
      expect(written).toEqual(crowd.map(({ json }) => json).sort());
    }
  });

  it.each([
    [20, 100],
    [90, 20],
    [110, 9],
    [140, 2],
  ])("%i alike and %i others lose none where each answer has an order of its own", async (alike, others) => {
    const crowd = [...alikeOf(alike), ...crowdOf(others, () => 500)];
    for (let seed = 1; seed <= 20; seed += 1) {
      const inAnyOrder = (rows: readonly KeyedRow[], request: number) =>
        shuffled(rows, seed * 1000 + request);
      const written = await read(crowd, inAnyOrder).catch((error: unknown) => error);
      if (written instanceof Error) expect(written).toMatchObject({ code: "set_keeps_moving" });
      else expect(written).toEqual(crowd.map(({ json }) => json).sort());
    }
  });

  it("are never taken for others where the offset is ignored", async () => {
    const crowd = crowdOf(200, () => 500);
    const alwaysFirst = (rows: readonly KeyedRow[], _request: number, from: number) => [
      ...rows.slice(0, from),
      ...rows,
    ];
    await expect(read(crowd, alwaysFirst)).rejects.toMatchObject({ code: "set_keeps_moving" });
  });

  it("are never taken for others where the order lasts at each offset alone, and pages always end there", async () => {
    const crowd = crowdOf(150, () => 500);
    const reading = read(crowd, exchanged, undefined, 100, false);
    await expect(reading).rejects.toMatchObject({ code: "set_keeps_moving" });
  });
});

describe("two sessions in one second, on pages of one row", () => {
  it("are never taken for one that came twice", async () => {
    const crowd = crowdOf(2, (number) => number);
    const alwaysFirst = (rows: readonly KeyedRow[], _request: number, from: number) =>
      from === 0 ? rows : [...rows].reverse();
    await expect(read(crowd, alwaysFirst, undefined, 1)).rejects.toMatchObject({ code: "set_keeps_moving" });
  });

  it("are both written once both have come", async () => {
    const crowd = crowdOf(2, (number) => number);
    const inTurn = (rows: readonly KeyedRow[], request: number) =>
      request % 5 === 0 ? rows : [...rows].reverse();
    expect(await read(crowd, inTurn, undefined, 1)).toEqual(crowd.map(({ json }) => json).sort());
  });
});

describe("a crowd that ends in a few seconds, where the API filters by the end", () => {
  it.each([
    [130, 20_000],
    [400, 20_000],
    [130, 1000],
  ])("of %i in %i ms is written, wherever its sessions start", async (count, ms) => {
    const crowd = crowdOf(count, (number) => number * 20_000);
    const end = (AT + 4 * 3600) * 1000;
    const written = await read(
      crowd,
      (rows) => rows,
      ({ hash }) => end + Math.floor((hash * ms) / count),
    );
    expect(written).toEqual(crowd.map(({ json }) => json).sort());
  });

  it("of which two share a key and end hours apart has both, with keys of their own", async () => {
    const others = crowdOf(300, (number) => number * 20_000);
    const twins = [session(1000, 0), session(2000, 0)].map((row) => ({ ...row, key: "a".repeat(32) }));
    const endOf = ({ start = 0, hash }: KeyedRow) => start + hash * 10_000;
    expect(await read([...others, ...twins], (rows) => rows, endOf)).toHaveLength(302);
  });
});
