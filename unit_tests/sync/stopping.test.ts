import { describe, expect, it } from "@jest/globals";
import { Cancelled } from "../../src/errors.ts";
import { EPOCH } from "../model/cases.ts";
import { createQuietApi } from "../model/quiet-api.ts";
import { run } from "../model/run.ts";

const starts = Array.from({ length: 3456 }, (_, n) => EPOCH * 1000 + n * 9000);
const bounds = { startDate: EPOCH - 1000, endDate: undefined, lookback: 86_400, now: EPOCH + 90_000 };

describe("a sync that is told to stop", () => {
  it.each([1, 2, 3, 11, 12, 20, 30])(
    "before request %d ends with a state that covers all it wrote",
    async (stopAt) => {
      const api = createQuietApi(starts);
      const stopping = {
        answer(query: Parameters<typeof api.answer>[0]) {
          if (api.requests() + 1 === stopAt) throw new Cancelled("told to stop");
          return api.answer(query);
        },
      };
      const first = await run(stopping, bounds, undefined);
      expect(first.error).toBeInstanceOf(Cancelled);
      expect(first.kept).toEqual(first.written);
      const second = await run(api, bounds, first.state);
      expect(second.error).toBeUndefined();
      const ids = [...first.written, ...second.written].map(({ data }) => data["id"]);
      expect(ids).toEqual(starts.map((_, id) => id));
      const third = await run(api, { ...bounds, now: bounds.now + 1 }, second.state);
      expect(third.written).toEqual([]);
    },
  );

  it("goes on inside the slice, without reading what it had read", async () => {
    const api = createQuietApi(starts);
    const stopAt = 25;
    const stopping = {
      answer(query: Parameters<typeof api.answer>[0]) {
        if (api.requests() + 1 === stopAt) throw new Cancelled("told to stop");
        return api.answer(query);
      },
    };
    const first = await run(stopping, bounds, undefined);
    expect(first.state).toMatchObject({ slice: { offset: expect.any(Number), total: starts.length } });
    const before = api.requests();
    await run(api, bounds, first.state);
    expect(api.requests() - before).toBeLessThan(36 - stopAt + 3);
  });

  it("reads a half-read slice again whose data has gone", async () => {
    const api = createQuietApi(starts);
    const half = { ...bounds, lookback: 0 };
    const stopping = {
      answer(query: Parameters<typeof api.answer>[0]) {
        if (api.requests() === 20) throw new Cancelled("told to stop");
        return api.answer(query);
      },
    };
    const { state } = await run(stopping, half, undefined);
    const rest = createQuietApi(starts.slice(500, 1500));
    const second = await run(rest, half, state);
    expect(second.error).toBeUndefined();
    expect(second.written.map(({ data }) => data["timestamp"])).toEqual(starts.slice(500, 1500));
    const none = await run(createQuietApi([]), half, state);
    expect(none.error).toBeUndefined();
    expect(none.written).toEqual([]);
  });
});
