/** A page that will be asked for next is sent for before the one before it is parsed. */
import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import { Stopped } from "../../src/errors.ts";
import { scripts, settled, setUp } from "./client-setting.ts";
import type { ScriptedApi } from "./scripted-api.ts";

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

function offsets({ bodies }: ScriptedApi): readonly number[] {
  return bodies.map((body) => JSON.parse(body).from);
}

describe("the page after the one asked for", () => {
  it("is under way when a page is given, and is not sent for again", async () => {
    const { api, client, ask } = setUp([
      { ms: 10, status: 200 },
      { ms: 10, status: 200 },
    ]);
    expect(await settled(ask(0, 99))).toBe("page");
    expect(offsets(api)).toEqual([0, 99]);
    expect(await settled(ask(99))).toBe("page");
    expect(offsets(api)).toEqual([0, 99]);
    expect(client.requests()).toBe(2);
  });

  it("is dropped where another one is asked for, once the API is done with it", async () => {
    const { api, ask } = setUp([
      { ms: 10, status: 200 },
      { ms: 5000, status: 200 },
    ]);
    expect(await settled(ask(0, 99))).toBe("page");
    const begun = performance.now();
    expect(await settled(ask(0))).toBe("page");
    expect(performance.now() - begun).toBeGreaterThanOrEqual(5000);
    expect(offsets(api)).toEqual([0, 99, 0]);
    expect(api.mostOpen()).toBe(1);
  });

  it("is not sent for while the API is in trouble", async () => {
    const { api, ask } = setUp([
      { ms: 10, status: 503 },
      { ms: 10, status: 429, retryAfterS: 20 },
      { ms: 10, status: 200 },
    ]);
    expect(await settled(ask(0, 99))).toBe("page");
    expect(offsets(api)).toEqual([0, 0, 0, 99]);
  });

  it("is sent for again where the first time failed, after a wait", async () => {
    const { api, waits, ask } = setUp([
      { ms: 10, status: 200 },
      { ms: 10, status: 503 },
    ]);
    expect(await settled(ask(0, 99))).toBe("page");
    expect(await settled(ask(99))).toBe("page");
    expect(offsets(api)).toEqual([0, 99, 99]);
    expect(waits).toMatchObject([{ attempts: 1, trouble: { kind: "server" } }]);
  });

  it("leaves the API its time where it was given up and dropped", async () => {
    const { api, waits, ask } = setUp(
      [
        { ms: 10, status: 200 },
        { ms: 1e9, status: 200 },
      ],
      true,
    );
    expect(await settled(ask(0, 99))).toBe("page");
    expect(await settled(ask(7))).toBe("page");
    expect(waits).toMatchObject([{ ms: 10_250, attempts: 0, trouble: { kind: "cut" } }]);
    expect(api.mostOpen()).toBe(1);
  });

  it("is not sent for once the program is told to stop", async () => {
    const { api, stop, ask } = setUp([{ ms: 10, status: 200 }]);
    const asked = ask(0, 99);
    await jest.advanceTimersByTimeAsync(5);
    stop.abort();
    expect(await settled(asked)).toBeInstanceOf(Stopped);
    expect(offsets(api)).toEqual([0]);
  });

  it("never makes a second open request, whatever is asked for and whatever becomes of it", async () => {
    const plans = fc.array(fc.record({ from: fc.nat(2), next: fc.option(fc.nat(2), { nil: undefined }) }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(scripts, plans, fc.boolean(), async (script, plan, lingers) => {
        const { api, client, ask } = setUp(script, lingers);
        for (const { from, next } of plan) await settled(ask(from, next));
        await settled(ask(9));
        expect(api.mostOpen()).toBeLessThanOrEqual(1);
        expect(client.requests()).toBe(api.bodies.length);
        expect(offsets(api).at(-1)).toBe(9);
      }),
      { numRuns: 200 },
    );
  });
});
