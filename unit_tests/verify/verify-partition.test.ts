import { describe, expect, it } from "@jest/globals";
import { ConnectorError } from "../../src/errors.ts";
import type { KeyedRow } from "../../src/sync/page.ts";
import { PageKnowledge, Requests } from "../../src/sync/requests.ts";
import { verifyPartition } from "../../src/verify/verify-partition.ts";
import { createApi, firstSync } from "../model/api.ts";
import { propertyRuns } from "../model/arbitraries.ts";
import { type Case, EPOCH, usual } from "../model/case.ts";
import { caseOf, kinds, orders } from "../model/kinds.ts";
import { createRandom } from "../model/random.ts";
import { toPage } from "../model/run.ts";
import { copyOf } from "./copy-in-memory.ts";

const CASES = Math.ceil(propertyRuns(50) / 25);

/** Verifies a copy that lacks some of the API's sessions, or has some that it never had. */
async function verify(tried: Case, lost: number, invented: number) {
  const api = createApi(tried);
  const random = createRandom(tried.seed + 7);
  const window = { start: EPOCH, end: firstSync(tried) };
  const rowsNow = () => toPage({ rows: api.world.sessions(), total: 0 }).rows();
  const isIn = ({ start }: KeyedRow) =>
    start !== undefined && start >= window.start * 1000 && start < window.end * 1000;
  const first = rowsNow();
  const begun = first.filter(isIn);
  const held = new Map(begun.map(({ key, start }) => [key, start ?? 0]));
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
  const requests = new Requests({
    fetch: async (query) => {
      look();
      const answer = api.answer(query);
      look();
      return toPage(answer);
    },
    pages: new PageKnowledge(),
    acceptCountMismatch: false,
    warn: () => undefined,
  });
  const outcome = await verifyPartition({
    requests,
    window,
    held: copyOf(held, lengths),
    record: (row) => row,
    onMissing: async () => undefined,
    note: () => undefined,
  }).catch((error: unknown) => {
    if (error instanceof ConnectorError) return undefined;
    throw error;
  });
  const there = new Set(
    rowsNow()
      .filter(isIn)
      .map(({ key }) => key),
  );
  return { outcome, held, absent, there };
}

const PLAIN = { duplicates: 0, bots: 0, kill: 0 };

describe("a copy held against an API of any kind", () => {
  const entries = Object.entries(kinds).map(([name, kind], at) => [name, kind, at] as const);
  it.each(entries)("%s: what is told to be missing or gone is", async (_name, kind, at) => {
    for (let number = 0; number < CASES; number += 1) {
      const order = orders[(at + number) % orders.length] ?? "random";
      const chosen = caseOf(kind, order, 40, number);
      const moves = (chosen.moves ?? usual.moves).filter((move) => move !== "duplicate");
      const tried = { ...usual, ...chosen, ...PLAIN, moves };
      const { outcome, held, absent } = await verify(tried, number % 3, (number >> 1) % 2);
      if (outcome === undefined) continue;
      const { missing, gone } = outcome.differences;
      const failed = { case: JSON.stringify(chosen), missing: [], gone: [] };
      expect({
        ...failed,
        missing: [...missing.keys()].filter((key) => held.has(key)),
        gone: [...gone.keys()].filter((key) => !absent.has(key)),
      }).toEqual(failed);
    }
  });

  it.each(["end", "within", "shifted"] as const)(
    "filtered by %s, no session is gone that is not",
    async (filter) => {
      for (const sessions of [15, 300]) {
        for (let seed = 0; seed < 10; seed += 1) {
          const alone = { outside: 0, sessions, length: 20_000_000, filter, seed, move: 0, unreadable: 0 };
          const { outcome, absent } = await verify({ ...usual, ...alone, ...PLAIN }, 0, 1);
          // Where sessions fall between the spans that are asked for, it ends with an error.
          if (sessions > 15 && outcome === undefined) continue;
          const gone = [...(outcome?.differences.gone.keys() ?? [])];
          expect({ seed, sessions, gone }).toEqual({ seed, sessions, gone: [...absent] });
        }
      }
    },
  );

  it.each([
    ["missing", 3, 0],
    ["gone", 0, 3],
  ] as const)("at rest, all that is %s is found", async (_what, lost, invented) => {
    for (const [at, order] of orders.entries()) {
      for (const kind of [
        {},
        { dense: 300 },
        { dense: 200, wholeSeconds: true },
        { pageSize: 7 },
        { crowding: 6 },
      ]) {
        const tried = { ...usual, ...kind, ...PLAIN, order, seed: at, move: 0, unreadable: 0 };
        const { outcome, held, there } = await verify(tried, lost, invented);
        const found = { missing: [...there].filter((key) => !held.has(key)).sort(), gone: invented };
        expect({
          missing: [...(outcome?.differences.missing.keys() ?? [])].sort(),
          gone: outcome?.differences.gone.size,
        }).toEqual(found);
      }
    }
  });
});
