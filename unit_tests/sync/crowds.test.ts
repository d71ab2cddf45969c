import { describe, expect, it } from "@jest/globals";
import type { PageQuery } from "../../src/browsee/client.ts";
import { createCheckpoints } from "../../src/sync/checkpoints.ts";
import { type KeyedRow, type OutputRecord, type Page, Receipt } from "../../src/sync/page.ts";
import { readPartition } from "../../src/sync/read-partition.ts";
import { PageKnowledge } from "../../src/sync/requests.ts";

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
): Promise<readonly string[]> {
  const written: OutputRecord[] = [];
  let requests = 0;
  const fetch = async ({ start, end, from, limit }: PageQuery): Promise<Page> => {
    requests += 1;
    const found = crowd.filter((row) => timeOf(row) >= start * 1000 && timeOf(row) <= end * 1000);
    const page = order(found, requests, from).slice(from, from + Math.min(limit, pageRows));
    return { starts: page.map((row) => row.start), total: found.length, rows: () => page };
  };
  const parts = {
    fetch,
    record: (row: KeyedRow) => row,
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
  return written.map(({ json }) => json).sort();
}

function crowdOf(count: number, ms: (number: number) => number): readonly KeyedRow[] {
  return Array.from({ length: count }, (_, number) => session(number, ms(number)));
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
    const written = await read(crowd, (rows, _request, from) => {
      const [before, first] = [rows[from - 1], rows[from]];
      if (before === undefined || first === undefined) return rows;
      return [...rows.slice(0, from - 1), first, before, ...rows.slice(from + 1)];
    });
    expect(written).toEqual(crowd.map(({ json }) => json).sort());
  });

  it("250 that can't be told apart are all written", async () => {
    const crowd = crowdOf(250, () => 500).map((row) => ({
      ...row,
      key: "a".repeat(32),
      hash: 1,
      rank: 1,
      json: "{}",
    }));
    expect(await read(crowd, (rows) => rows)).toHaveLength(250);
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
      request % 3 === 0 ? rows : [...rows].reverse();
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
});
