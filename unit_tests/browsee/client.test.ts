import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import { Cancelled } from "../../src/errors.ts";
import { DEADLINE_MS, scripts, settled, setUp } from "./client-setting.ts";
import type { Scripted } from "./scripted-api.ts";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

describe("one open request", () => {
  it("also where several pages are wanted at once, and where the API goes on with what was given up", async () => {
    await fc.assert(
      fc.asyncProperty(scripts, fc.integer({ min: 1, max: 4 }), async (script, pages) => {
        const { api, ask } = setUp(script, true);
        await settled(Promise.all([...Array(pages).keys()].map((from) => ask(from))));
        expect(api.mostOpen()).toBe(1);
      }),
      { numRuns: 200 },
    );
  });

  it("pages are answered in the order in which they were asked for", async () => {
    const { api, ask } = setUp([{ ms: 5, status: 500 }]);
    await settled(Promise.all([3, 1, 2].map((from) => ask(from))));
    expect(api.bodies.map((body) => JSON.parse(body).from)).toEqual([3, 3, 1, 2]);
  });

  it("a page that is given up after a time-out leaves the API its time before the next page", async () => {
    const hang = { ms: 1e9, status: 200 };
    const { api, waits, ask } = setUp(Array(5).fill(hang), true);
    const first = await settled(ask());
    expect(first).toMatchObject({ code: "api_unavailable" });
    expect(await settled(ask())).toBe("page");
    expect(api.mostOpen()).toBe(1);
    expect(waits.at(-1)).toMatchObject({ ms: 10_250, attempts: 0, failure: { kind: "cut" } });
  });
});

describe("a page's deadline", () => {
  it("is kept whatever goes wrong", async () => {
    await fc.assert(
      fc.asyncProperty(scripts, async (script) => {
        const forever = [...script, ...Array(500).fill({ ms: 20, status: 503 })];
        const { ask } = setUp(forever);
        const begun = performance.now();
        const outcome = await settled(ask());
        // The last attempt is let go on for a second at least.
        expect(performance.now() - begun).toBeLessThanOrEqual(DEADLINE_MS + 1000);
        if (outcome !== "page")
          expect(outcome).toMatchObject({ code: "api_unavailable", failureType: "transient_error" });
      }),
      { numRuns: 100 },
    );
  });

  it("counts from when the page was first asked for, not the one before", async () => {
    const { ask } = setUp([
      ...Array(11).fill({ ms: 9000, status: 503 }),
      { ms: 1, status: 200 },
      { ms: 9000, status: 503 },
    ]);
    expect(await settled(ask())).toMatchObject({ code: "api_unavailable" });
    expect(await settled(ask())).toBe("page");
  });

  it("tells how often it was tried, and how long", async () => {
    const { ask, client } = setUp(Array(500).fill({ ms: 1000, status: 503 }));
    const outcome = await settled(ask());
    expect(outcome).toMatchObject({
      message: expect.stringMatching(/HTTP status 503: "Its words\." \(8 attempts in \d\d s\)/),
    });
    expect(client.requests()).toBe(8);
  });
});

describe("waits", () => {
  it("are told before they begin", async () => {
    const { waits, ask } = setUp([
      { ms: 0, status: 500 },
      { ms: 0, status: 429, retryAfterS: 7 },
    ]);
    expect(await settled(ask())).toBe("page");
    expect(waits).toMatchObject([
      { ms: 375, attempts: 1, failure: { kind: "server" } },
      { ms: 7000, attempts: 2, failure: { kind: "busy", retryAfterMs: 7000 } },
    ]);
  });

  it("are the same whichever way the clock on the wall jumps", async () => {
    const script: Scripted[] = [
      { ms: 10, status: 503 },
      { ms: 1e9, status: 200 },
      { ms: 10, status: 429, retryAfterS: 3 },
    ];
    const jumps = [0, 3_600_000, -3_600_000];
    const seen: number[][] = [];
    for (const jump of jumps) {
      let time = Date.UTC(2026, 10, 23);
      const { waits, ask } = setUp(script, true, () => {
        time += jump;
        return time;
      });
      expect(await settled(ask())).toBe("page");
      seen.push(waits.map(({ ms }) => ms));
    }
    expect(new Set(seen.map(String)).size).toBe(1);
    expect(seen[0]).toEqual([375, 10_250, 3000]);
  });
});

describe("being stopped", () => {
  it("ends a request, a wait and a turn that has not come, and nothing is asked for any more", async () => {
    await fc.assert(
      fc.asyncProperty(scripts, fc.nat(60_000), async (script, ms) => {
        const { api, stop, ask } = setUp(script);
        const asked = Promise.all([ask(), ask(), ask()]);
        await jest.advanceTimersByTimeAsync(ms);
        stop.abort();
        const before = api.bodies.length;
        const outcomes = await settled(asked);
        expect(api.bodies.length).toBe(before);
        expect(outcomes.filter((outcome) => outcome !== "page" && !(outcome instanceof Error))).toEqual([]);
        expect(await settled(ask())).toBeInstanceOf(Cancelled);
      }),
      { numRuns: 100 },
    );
  });

  it("leaves no listener and no timer behind", async () => {
    const { stop, ask } = setUp([
      { ms: 5, status: 500 },
      { ms: 20_000, status: 200 },
    ]);
    expect(await settled(ask())).toBe("page");
    expect(await settled(ask())).toBe("page");
    await jest.runOnlyPendingTimersAsync();
    expect(jest.getTimerCount()).toBe(0);
    expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  });
});

describe("an answer that breaks the contract", () => {
  it("is asked for five times, then it is a system_error", async () => {
    const { client, ask } = setUp([{ ms: 0, status: 503 }, ...Array(9).fill({ ms: 0, status: 404 })]);
    expect(await settled(ask())).toMatchObject({ code: "contract_broken", failureType: "system_error" });
    expect(client.requests()).toBe(6);
  });
});

describe("an error of our own", () => {
  it("is not taken for a failure of the API", async () => {
    const { api, ask } = setUp([]);
    jest.spyOn(api.http, "post").mockRejectedValue(new TypeError("a bug"));
    await expect(ask()).rejects.toThrow("a bug");
  });
});
