/** Verifying against an API that has its own meaning of start and end. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { KeyedRow } from "../../src/sync/page.ts";
import { PageKnowledge, Requests } from "../../src/sync/requests.ts";
import { verifyPartition } from "../../src/verify/verify-partition.ts";
import { propertyRuns } from "../model/arbitraries.ts";
import { EPOCH } from "../model/case.ts";
import { copyOf } from "./copy-in-memory.ts";

/** A row of a plain API that starts at some ms. */
function rowOf(key: string, start: number): KeyedRow {
  return { key, start, json: "{}", nulled: [], hash: 1, rank: 1 };
}

const WINDOW = { start: EPOCH, end: EPOCH + 100_000 };
/** Sessions far from the window's ends, a minute or more from each other. */
const INNER = Array.from({ length: 300 }, (_, n) => rowOf(`inner ${n}`, (EPOCH + 600 + n * 300) * 1000 + n));
/** The seconds right beside the ends, and right within them. */
const EDGES = [WINDOW.start - 1, WINDOW.start, WINDOW.end - 1, WINDOW.end];

/** Verifies a copy against an API at rest that means start and end in its own way. */
async function verifyAtRest(
  there: readonly KeyedRow[],
  held: ReadonlyMap<string, number>,
  isIn: (ms: number, start: number, end: number) => boolean,
) {
  let sent = 0;
  const sorted = [...there].sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  const requests = new Requests({
    async fetch({ start, end, from, limit }) {
      sent += 1;
      const all = sorted.filter((row) => isIn(row.start ?? 0, start * 1000, end * 1000));
      const rows = all.slice(from, from + Math.min(limit, 20));
      return { starts: rows.map((row) => row.start), total: all.length, rows: () => rows };
    },
    pages: new PageKnowledge(),
    acceptCountMismatch: false,
    warn: () => undefined,
  });
  const { differences } = await verifyPartition({
    requests,
    window: WINDOW,
    held: copyOf(held, new Map()),
    record: (row) => row,
    onMissing: async () => undefined,
    note: () => undefined,
  });
  return { missing: [...differences.missing.keys()].sort(), gone: [...differences.gone.keys()].sort(), sent };
}

/** Unix ms down to whole seconds, for an API that holds those against start and end. */
const whole = (ms: number) => Math.floor(ms / 1000) * 1000;
const MEANINGS: Readonly<Record<string, (ms: number, start: number, end: number) => boolean>> = {
  "[start, end)": (ms, start, end) => ms >= start && ms < end,
  "[start, end]": (ms, start, end) => ms >= start && ms <= end,
  "(start, end)": (ms, start, end) => ms > start && ms < end,
  "(start, end]": (ms, start, end) => ms > start && ms <= end,
  "[start, end] by seconds": (ms, start, end) => whole(ms) >= start && whole(ms) <= end,
  "(start, end) by seconds": (ms, start, end) => whole(ms) > start && whole(ms) < end,
  "(start, end] by seconds": (ms, start, end) => whole(ms) > start && whole(ms) <= end,
};

describe("whatever start and end mean", () => {
  const some = fc.array(fc.tuple(fc.constantFrom(...EDGES), fc.constantFrom(0, 1, 500, 999)), {
    maxLength: 6,
  });
  const lost = fc.array(fc.nat(), { minLength: 0, maxLength: 6 });

  it.each(Object.keys(MEANINGS))("%s: what only the API has, or only the copy, is found", async (meaning) => {
    const isIn = MEANINGS[meaning] ?? (() => false);
    await fc.assert(
      fc.asyncProperty(some, lost, fc.boolean(), async (edges, places, isGone) => {
        const all = [...INNER, ...edges.map(([second, ms], n) => rowOf(`edge ${n}`, second * 1000 + ms))];
        const wanted = all.filter(({ start = 0 }) => start >= EPOCH * 1000 && start < WINDOW.end * 1000);
        // Those at the edges are last: half of what is lost is one of them.
        const lostKeys = new Set(
          places.map((place, n) => wanted.at(n % 2 === 0 ? -1 - (place % 6) : place % wanted.length)?.key),
        );
        const isLeft = ({ key }: KeyedRow) => !lostKeys.has(key);
        const held = (isGone ? wanted : wanted.filter(isLeft)).map(
          ({ key, start = 0 }) => [key, start] as const,
        );
        const found = await verifyAtRest(isGone ? all.filter(isLeft) : all, new Map(held), isIn);
        const differing = [...lostKeys].sort();
        expect(found).toMatchObject({ missing: isGone ? [] : differing, gone: isGone ? differing : [] });
      }),
      { numRuns: propertyRuns(50) },
    );
  });

  it.each(Object.keys(MEANINGS))("%s: a copy that is whole takes two requests, or five", async (meaning) => {
    const isIn = MEANINGS[meaning] ?? (() => false);
    const held = (rows: readonly KeyedRow[]) => new Map(rows.map(({ key, start = 0 }) => [key, start]));
    const quiet = await verifyAtRest(INNER, held(INNER), isIn);
    expect(quiet).toEqual({ missing: [], gone: [], sent: 2 });
    const all = [...INNER, ...EDGES.map((second, n) => rowOf(`edge ${n}`, second * 1000 + 500))];
    const busy = await verifyAtRest(all, held(all.slice(0, -1).filter((row) => row.key !== "edge 0")), isIn);
    expect(busy).toMatchObject({ missing: [], gone: [] });
    expect(busy.sent).toBeLessThanOrEqual(5);
  });

  it.each(Object.keys(MEANINGS))("%s: one gone of many in one second is found", async (meaning) => {
    const isIn = MEANINGS[meaning] ?? (() => false);
    const crowd = Array.from({ length: 140 }, (_, n) => rowOf(`crowd ${n}`, (EPOCH + 50_000) * 1000 + n));
    const all = [...INNER, ...crowd];
    const held = new Map(all.map(({ key, start = 0 }) => [key, start]));
    const found = await verifyAtRest(
      all.filter(({ key }) => key !== "crowd 77"),
      held,
      isIn,
    );
    expect(found).toMatchObject({ missing: [], gone: ["crowd 77"] });
  });
});
