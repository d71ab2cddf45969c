import { describe, expect, it } from "@jest/globals";
import { createQuietApi } from "../model/quiet-api.ts";
import { createRandom } from "../model/random.ts";
import { run } from "../model/run.ts";

const SINCE_2015 = Date.UTC(2015, 0, 1) / 1000;
const NOW = Date.UTC(2026, 10, 1) / 1000;
const DAY = 86_400;
/** Requests that finding the slices of a long history may cost. */
const FINDING = 40;

/** Starts (Unix ms, ascending) over a span (Unix s), busier by day than by night where wanted. */
function sessions(count: number, from: number, to: number, dayAndNight: boolean): readonly number[] {
  const random = createRandom(count);
  const starts: number[] = [];
  while (starts.length < count) {
    const at = from * 1000 + random.below(2 ** 30) * (((to - from) * 1000) / 2 ** 30);
    const hour = Math.floor((at / 3_600_000) % 24);
    if (!dayAndNight || (hour >= 7 && hour < 22) || random.below(10) === 0) starts.push(Math.floor(at));
  }
  return starts.sort((a, b) => a - b);
}

async function readAll(starts: readonly number[]) {
  const api = createQuietApi(starts);
  const result = await run(
    api,
    { startDate: SINCE_2015, endDate: undefined, lookback: 0, now: NOW },
    undefined,
  );
  expect(result.error).toBeUndefined();
  expect(result.written.map(({ data }) => data["id"])).toEqual(starts.map((_, id) => id));
  return api;
}

describe("requests at rest", () => {
  it.each([
    ["100,000 sessions of the last year", 100_000, NOW - 365 * DAY, NOW],
    ["100,000 sessions of one week", 100_000, NOW - 7 * DAY, NOW],
    ["100,000 sessions since 2015", 100_000, SINCE_2015, NOW],
    ["100,000 sessions of one hour long ago", 100_000, SINCE_2015 + 700 * DAY, SINCE_2015 + 700 * DAY + 3600],
  ])("%s cost at most 1,030 requests and the few for finding slices", async (_name, count, from, to) => {
    for (const dayAndNight of [false, to - from > DAY]) {
      const api = await readAll(sessions(count, from, to, dayAndNight));
      expect(api.requests()).toBeLessThanOrEqual(1030 + FINDING);
      expect(api.maxOffset()).toBeLessThan(10_000);
    }
  });

  it("finds a year of data in eleven years of history within 40 requests", async () => {
    const api = await readAll(sessions(900, NOW - 365 * DAY, NOW, false));
    expect(api.requests()).toBeLessThanOrEqual(Math.ceil((1.03 * 900) / 100) + FINDING);
  });

  it("keeps offsets under 10,000 where ten thousand sessions start in one minute", async () => {
    const crowd = sessions(10_000, NOW - 30 * DAY, NOW - 30 * DAY + 60, false);
    const api = await readAll([...sessions(20_000, SINCE_2015, NOW - 31 * DAY, false), ...crowd]);
    expect(api.maxOffset()).toBeLessThan(10_000);
  });

  it("asks once for a window without sessions", async () => {
    const api = await readAll([]);
    expect(api.requests()).toBe(1);
  });
});
