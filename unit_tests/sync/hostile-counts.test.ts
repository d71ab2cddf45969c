import { describe, expect, it } from "@jest/globals";
import type { Page, PageQuery } from "../../src/browsee/page.ts";
import { ConnectorError } from "../../src/errors.ts";
import { EPOCH } from "../model/cases.ts";
import { createQuietApi, type QuietApi } from "../model/quiet-api.ts";
import { type Run, run } from "../model/run.ts";

const bounds = { startDate: EPOCH - 1000, endDate: undefined, lookback: 0, now: EPOCH + 90_000 };
/** 450 sessions, one every 200 s. */
const starts = Array.from({ length: 450 }, (_, n) => EPOCH * 1000 + n * 200_000 + 123);

type Lie = (page: Page, query: PageQuery, request: number) => Page;

function readWith(lie: Lie, api: QuietApi = createQuietApi(starts)): Promise<Run> {
  return run({ answer: (query) => lie(api.answer(query), query, api.requests()) }, bounds, undefined);
}

function expectAll({ error, written }: Run): void {
  expect(error).toBeUndefined();
  expect(written.map(({ data }) => data["id"]).sort((a, b) => Number(a) - Number(b))).toEqual(
    starts.map((_, id) => id),
  );
}

async function failureOf(result: Promise<Run>): Promise<ConnectorError> {
  const { error, state } = await result;
  expect(state).toMatchObject({ timestamp: expect.any(Number) });
  if (!(error instanceof ConnectorError)) throw new Error(`no ConnectorError but ${String(error)}`);
  return error;
}

describe("a count that does not fit", () => {
  it.each<[string, Lie]>([
    [
      "total absent in one answer",
      (page, _, request) => (request === 3 ? { ...page, total: undefined } : page),
    ],
    ["total short in one answer", (page, _, request) => (request === 2 ? { ...page, total: 150 } : page)],
    ["total long in one answer", (page, _, request) => (request === 2 ? { ...page, total: 9000 } : page)],
    [
      "an empty page before the end, once",
      (page, _, request) => (request === 3 ? { ...page, rows: [] } : page),
    ],
    ["a page shorter than asked, always", (page) => ({ ...page, rows: page.rows.slice(0, 37) })],
    ["a page of one row, always", (page) => ({ ...page, rows: page.rows.slice(0, 1) })],
    [
      "total never above the page's rows where there are several pages",
      (page, { from }) => (page.rows.length === 100 ? { ...page, total: from + 100 } : page),
    ],
    ["total cut at 300", (page) => ({ ...page, total: Math.min(300, page.total ?? 0) })],
    [
      "pages of different sizes",
      (page, _, request) => ({ ...page, rows: page.rows.slice(0, 40 + (request % 5) * 15) }),
    ],
  ])("%s: all sessions come", async (_name, lie) => {
    expectAll(await readWith(lie));
  });

  it.each<[string, Lie]>([
    ["a total 1 too high", (page) => ({ ...page, total: (page.total ?? 0) + 1 })],
    ["a total 100 too high", (page) => ({ ...page, total: (page.total ?? 0) + 100 })],
    ["a total beyond all bounds", (page) => ({ ...page, total: 1e15 })],
    ["no rows", (page) => ({ ...page, rows: [] })],
  ])("%s, always: given up after some hundred requests", async (_name, lie) => {
    const api = createQuietApi(starts);
    await failureOf(readWith(lie, api));
    expect(api.requests()).toBeLessThan(600);
  });

  it.each<[string, Lie]>([
    ["no total", (page) => ({ ...page, total: undefined })],
    ["a total one too high", (page) => ({ ...page, total: (page.total ?? 0) + 1 })],
    ["a total one too low", (page) => ({ ...page, total: Math.max(0, (page.total ?? 0) - 1) })],
    ["no rows", (page) => ({ ...page, rows: [] })],
  ])("%s, always: contract_broken, and says which field", async (_name, lie) => {
    const error = await failureOf(readWith(lie));
    expect(error.code).toBe("contract_broken");
    expect(error.failureType).toBe("system_error");
    expect(error.message).toContain("exports.total");
  });

  it("a total that is another one at every request: never success with a hole", async () => {
    const error = await failureOf(readWith((page, _, request) => ({ ...page, total: 450 + (request % 3) })));
    expect(["contract_broken", "set_keeps_moving"]).toContain(error.code);
  });
});
