import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { mixedCases, propertyRuns } from "../model/arbitraries.ts";
import { type Case, unusual, usual } from "../model/case.ts";
import { caseOf, kinds, orders } from "../model/kinds.ts";
import { play } from "../model/play.ts";
import { engine } from "../model/run.ts";

const SEED = 900;
/** Cases of each kind and order. */
const CASES = Math.ceil(propertyRuns(200) / 200);

/** Fails with the case as JSON, for `npx tsx bench/prove/search.ts`. */
async function expectNoProblem(tried: Case): Promise<void> {
  const { problems, end, message } = await play(tried, engine);
  const failed = { case: JSON.stringify(unusual(tried)), problems, end, message };
  expect(failed).toEqual({ ...failed, problems: {} });
}

describe("every session that stood is written, once, under one key, before the state that covers it", () => {
  it.each(Object.entries(kinds))("%s: in every order", async (_name, kind) => {
    for (const order of orders) {
      for (let number = 0; number < CASES; number += 1) {
        await expectNoProblem({ ...usual, ...caseOf(kind, order, SEED, number + orders.indexOf(order)) });
      }
    }
  });

  it("where an API has the ways of two kinds at once", async () => {
    const property = fc.asyncProperty(mixedCases, expectNoProblem);
    await fc.assert(property, { numRuns: propertyRuns(200), seed: SEED, endOnFailure: true });
  });
});
