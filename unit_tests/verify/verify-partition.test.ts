/** Verifying a copy in memory against an API of whatever kind. */
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { ConnectorError } from "../../src/errors.ts";
import type { KeyedRow } from "../../src/sync/page.ts";
import { createApi, firstSync } from "../model/api.ts";
import { propertyRuns } from "../model/arbitraries.ts";
import { type Case, EPOCH, usual } from "../model/case.ts";
import { caseOf, kinds, orders } from "../model/kinds.ts";
import { createRandom } from "../model/random.ts";
import { toPage } from "../model/run.ts";
import { verifyHeld } from "./copy-in-memory.ts";

const CASES = Math.ceil(propertyRuns(50) / 25);
const PLAIN = { duplicates: 0, bots: 0, kill: 0 };
const AT_REST = { ...usual, ...PLAIN, move: 0, unreadable: 0 };

function startsOf(rows: readonly KeyedRow[]): Map<string, number> {
  return new Map(rows.map(({ key, start = 0 }) => [key, start]));
}

/** Verifies a copy that lacks some of the API's sessions, or has some that it never had. */
async function verify(tried: Case, lost: number, invented: number) {
  const api = createApi(tried);
  const random = createRandom(tried.seed + 7);
  const window = { start: EPOCH, end: firstSync(tried) };
  const rowsNow = () => toPage({ rows: api.world.sessions(), total: 0 }).rows();
  const isIn = ({ start = -1 }: KeyedRow) => start >= window.start * 1000 && start < window.end * 1000;
  const first = rowsNow();
  const begun = first.filter(isIn);
  const held = startsOf(begun);
  const lengths = new Map(api.world.sessions().map((each, n) => [first[n]?.key ?? "", each.length]));
  for (let n = 0; n < lost; n += 1) held.delete(begun[random.below(begun.length)]?.key ?? "");
  for (let n = 0; n < invented; n += 1)
    held.set(`invented ${n}`, window.start * 1000 + random.below((window.end - window.start) * 1000));
  /** Sessions that were not there at some time. */
  const absent = new Set<string>();
  let seen = -1;
  const look = () => {
    if (seen === api.world.revision()) return;
    seen = api.world.revision();
    const present = new Set(rowsNow().map(({ key }) => key));
    for (const key of held.keys()) if (!present.has(key)) absent.add(key);
  };
  const against = {
    window,
    lengths,
    fetch: async (query: Parameters<typeof api.answer>[0]) => {
      look();
      const answer = api.answer(query);
      look();
      return toPage(answer);
    },
  };
  const found = await verifyHeld(held, against).catch((error: unknown) => {
    if (error instanceof ConnectorError) return undefined;
    throw error;
  });
  const there = [...startsOf(rowsNow().filter(isIn)).keys()];
  return { found, held, absent, there };
}

describe("a copy held against an API of any kind", () => {
  const entries = Object.entries(kinds).map(([name, kind], at) => [name, kind, at] as const);
  it.each(entries)("%s: what is told to be missing or gone is", async (_name, kind, at) => {
    for (let number = 0; number < CASES; number += 1) {
      const order = orders[(at + number) % orders.length] ?? "random";
      const chosen = caseOf(kind, order, 40, number);
      const moves = (chosen.moves ?? usual.moves).filter((move) => move !== "duplicate");
      const tried = { ...usual, ...chosen, ...PLAIN, moves };
      const { found, held, absent } = await verify(tried, number % 3, (number >> 1) % 2);
      const missing = found?.missing.filter((key) => held.has(key)) ?? [];
      const gone = found?.gone.filter((key) => !absent.has(key)) ?? [];
      const right = { case: JSON.stringify(chosen), missing: [], gone: [] };
      expect({ ...right, missing, gone }).toEqual(right);
    }
  });

  it.each([
    ["missing", 3, 0],
    ["gone", 0, 3],
  ] as const)("at rest, all that is %s is found", async (_what, lost, invented) => {
    const crowds = [{ dense: 300 }, { dense: 200, wholeSeconds: true }, { crowding: 6 }];
    for (const [seed, order] of orders.entries()) {
      for (const kind of [{}, { pageSize: 7 }, ...crowds]) {
        const { found, held, there } = await verify({ ...AT_REST, ...kind, order, seed }, lost, invented);
        const missing = there.filter((key) => !held.has(key)).sort();
        expect({ missing: found?.missing, gone: found?.gone.length }).toEqual({ missing, gone: invented });
      }
    }
  });
});

/** A row of a plain API that starts at some ms. */
function rowOf(key: string, start: number): KeyedRow {
  return { key, start, json: "{}", nulled: [], hash: 1, rank: 1 };
}

const WINDOW = { start: EPOCH, end: EPOCH + 100_000 };
/** Sessions far from the window's ends, minutes from each other but for a crowd in one second. */
const INNER = [
  ...Array.from({ length: 300 }, (_, n) => rowOf(`inner ${n}`, (EPOCH + 600 + n * 300) * 1000 + n)),
  ...Array.from({ length: 140 }, (_, n) => rowOf(`crowd ${n}`, (EPOCH + 50_000) * 1000 + n)),
];
/** The seconds right beside the ends, and right within them. */
const EDGES = [WINDOW.start - 1, WINDOW.start, WINDOW.end - 1, WINDOW.end];
/** Whether a session is in a span, all in Unix ms. */
type IsIn = (ms: number, start: number, end: number) => boolean;

/** Verifies a copy against an API at rest that means start and end in its own way. */
async function verifyAtRest(there: readonly KeyedRow[], held: readonly KeyedRow[], isIn: IsIn) {
  let sent = 0;
  const sorted = [...there].sort((a, b) => (a.start ?? 0) - (b.start ?? 0));
  const found = await verifyHeld(startsOf(held), {
    window: WINDOW,
    async fetch({ start, end, from, limit }) {
      sent += 1;
      const all = sorted.filter((row) => isIn(row.start ?? 0, start * 1000, end * 1000));
      const rows = all.slice(from, from + Math.min(limit, 20));
      return { starts: rows.map((row) => row.start), total: all.length, rows: () => rows };
    },
  });
  return { ...found, sent };
}

/** Which brackets stand around start and end, and whether whole seconds are held against them. */
const MEANINGS = ["[)", "[]", "()", "(]", "[] by seconds", "() by seconds", "(] by seconds"];

describe.each(MEANINGS)("where start and end mean %s", (meaning) => {
  const isIn: IsIn = (ms, start, end) => {
    const at = meaning.includes("seconds") ? Math.floor(ms / 1000) * 1000 : ms;
    return (meaning[0] === "[" ? at >= start : at > start) && (meaning[1] === "]" ? at <= end : at < end);
  };
  const edge = fc.tuple(fc.constantFrom(...EDGES), fc.constantFrom(0, 1, 500, 999));
  const [some, lost] = [fc.array(edge, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 6 })];

  it("what only the API has, or only the copy, is found", () =>
    fc.assert(
      fc.asyncProperty(some, lost, fc.boolean(), async (edges, places, isGone) => {
        const all = [...INNER, ...edges.map(([second, ms], n) => rowOf(`edge ${n}`, second * 1000 + ms))];
        const wanted = all.filter(({ start = 0 }) => start >= EPOCH * 1000 && start < WINDOW.end * 1000);
        // Those at the edges are last: half of what is lost is one of them.
        const keyAt = (place: number, n: number) =>
          wanted.at(n % 2 === 0 ? -1 - (place % 6) : place % wanted.length)?.key ?? "";
        const differing = [...new Set(places.map(keyAt))].sort();
        const isLeft = ({ key }: KeyedRow) => !differing.includes(key);
        const [there, held] = isGone ? [all.filter(isLeft), wanted] : [all, wanted.filter(isLeft)];
        const found = isGone ? { missing: [], gone: differing } : { missing: differing, gone: [] };
        expect(await verifyAtRest(there, held, isIn)).toMatchObject(found);
      }),
      { numRuns: propertyRuns(50) },
    ));

  it("a copy that is whole takes two requests, or five", async () => {
    expect(await verifyAtRest(INNER, INNER, isIn)).toEqual({ missing: [], gone: [], sent: 2 });
    const edges = EDGES.map((second, n) => rowOf(`edge ${n}`, second * 1000 + 500));
    const busy = await verifyAtRest([...INNER, ...edges], [...INNER, ...edges.slice(1, 3)], isIn);
    expect(busy).toMatchObject({ missing: [], gone: [] });
    expect(busy.sent).toBeLessThanOrEqual(5);
  });
});
