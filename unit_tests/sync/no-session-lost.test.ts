import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { mixedCases, propertyRuns } from "../model/arbitraries.ts";
import { type Case, unusual, usual } from "../model/case.ts";
import { caseOf, kinds, orders } from "../model/kinds.ts";
import { play } from "../model/play.ts";
import { engine } from "../model/run.ts";

const SEED = 900;
const RUNS = propertyRuns(50);
/** Orders of each kind, all of them in a long run, and cases of each order. */
const ORDERS = Math.min(orders.length, Math.ceil(RUNS / 25));
const CASES = Math.ceil(RUNS / 200);

/** Fails with the case as JSON, for `npx tsx bench/prove/search.ts`. */
async function expectNoProblem(tried: Case): Promise<void> {
  const { problems, end, message } = await play(tried, engine);
  const failed = { case: JSON.stringify(unusual(tried)), problems, end, message };
  expect(failed).toEqual({ ...failed, problems: {} });
}

describe("every session that stood is written, once, under one key, before the state that covers it", () => {
  const entries = Object.entries(kinds).map(([name, kind], at) => [name, kind, at] as const);
  it.each(entries)("%s", async (_name, kind, at) => {
    const inTurn = [...orders, ...orders].slice(at % orders.length).slice(0, ORDERS);
    for (const order of inTurn) {
      for (let number = 0; number < CASES; number += 1) {
        await expectNoProblem({ ...usual, ...caseOf(kind, order, SEED, number + orders.indexOf(order)) });
      }
    }
  });

  it("where an API has the ways of two kinds at once", async () => {
    const property = fc.asyncProperty(mixedCases, expectNoProblem);
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
  });
});
