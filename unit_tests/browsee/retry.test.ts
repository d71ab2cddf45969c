import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  type FailureKind,
  parseRetryAfter,
  RetriableFailure,
  settlingMs,
  waitBeforeRetry,
} from "../../src/browsee/retry.ts";

type RetryState = Parameters<typeof waitBeforeRetry>[1];

const kinds = fc.constantFrom<FailureKind>("busy", "server", "unreachable", "cut", "contract");
const failures: fc.Arbitrary<RetriableFailure> = fc
  .record({ kind: kinds, retryAfterMs: fc.option(fc.nat(5_000_000), { nil: undefined }) })
  .map(({ kind, retryAfterMs }) => retriable(kind, retryAfterMs));
const states: fc.Arbitrary<RetryState> = fc
  .record({
    attempts: fc.integer({ min: 1, max: 100 }),
    broken: fc.nat(4),
    elapsedMs: fc.nat(2_000_000),
    deadlineMs: fc.nat(86_400_000),
    tookMs: fc.nat(600_000),
  })
  .map((state) => ({ ...state, broken: Math.min(state.broken, state.attempts) }));
/** In [0, 1). */
const randoms = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

/** A state in which only the number of attempts matters. */
function failed(attempts: number): RetryState {
  return { attempts, broken: 0, elapsedMs: 0, deadlineMs: Number.POSITIVE_INFINITY, tookMs: 0 };
}

function retriable(kind: FailureKind, retryAfterMs?: number): RetriableFailure {
  return new RetriableFailure(kind, "", retryAfterMs);
}

describe("the wait before the next attempt", () => {
  it("is never shorter than the API asked, nor ends beyond the page's deadline", () => {
    fc.assert(
      fc.property(failures, states, randoms, (what, state, random) => {
        const wait = waitBeforeRetry(what, state, random);
        if (wait === undefined) return;
        expect(Number.isInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThan(0);
        expect(wait).toBeGreaterThanOrEqual(what.retryAfterMs ?? 0);
        expect(state.elapsedMs + wait).toBeLessThanOrEqual(state.deadlineMs);
      }),
    );
  });

  it("after an answer that never came is at least as long as the API was given for it", () => {
    fc.assert(
      fc.property(states, randoms, (state, random) => {
        const unlimited = { ...state, deadlineMs: Number.POSITIVE_INFINITY };
        expect(waitBeforeRetry(retriable("cut"), unlimited, random)).toBeGreaterThan(state.tookMs);
      }),
    );
  });

  it("without a reason to be longer is a minute at most", () => {
    fc.assert(
      fc.property(states, randoms, (state, random) => {
        const wait = waitBeforeRetry(retriable("server"), state, random);
        if (wait !== undefined) expect(wait).toBeLessThanOrEqual(60_000);
      }),
    );
  });

  it("doubles until then, half of it by chance", () => {
    const waits = (random: number) =>
      [1, 2, 3, 4, 8, 9, 100].map((attempts) => waitBeforeRetry(retriable("busy"), failed(attempts), random));
    expect(waits(0)).toEqual([250, 500, 1000, 2000, 30_000, 30_000, 30_000]);
    expect(waits(0.5)).toEqual([375, 750, 1500, 3000, 45_000, 45_000, 45_000]);
  });

  it("is given up for nothing but the deadline and an answer that stays broken", () => {
    fc.assert(
      fc.property(failures, states, randoms, (what, state, random) => {
        if (waitBeforeRetry(what, state, random) !== undefined) return;
        const longer = { ...state, deadlineMs: Number.POSITIVE_INFINITY };
        const wait = waitBeforeRetry(what, longer, random);
        expect(wait).toBeDefined();
        expect(state.elapsedMs + Number(wait)).toBeGreaterThan(state.deadlineMs);
      }),
    );
    expect(waitBeforeRetry(retriable("contract"), { ...failed(9), broken: 4 }, 0)).toBeDefined();
    expect(waitBeforeRetry(retriable("contract"), { ...failed(9), broken: 5 }, 0)).toBeUndefined();
  });

  it("is given up at once where the API asks for longer than is left", () => {
    const state = { ...failed(1), elapsedMs: 1000, deadlineMs: 20_000 };
    expect(waitBeforeRetry(retriable("busy", 19_000), state, 0)).toBe(19_000);
    expect(waitBeforeRetry(retriable("busy", 19_001), state, 0)).toBeUndefined();
    expect(waitBeforeRetry(retriable("server"), { ...failed(1), deadlineMs: 0 }, 0)).toBeUndefined();
  });
});

describe("settling", () => {
  it("is for requests whose answer was not waited for", () => {
    expect(settlingMs(retriable("cut"), 14_000)).toBe(14_250);
    expect(settlingMs(retriable("cut"), 1000)).toBe(5250);
    for (const kind of ["busy", "server", "unreachable", "contract"] as const) {
      expect(settlingMs(retriable(kind), 4000)).toBe(0);
    }
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-23T10:00:00Z");

  it.each([
    ["0", 0],
    ["120", 120_000],
    [" 7 ", 7000],
    ["1.5", 1500],
    ["Mon, 23 Nov 2026 10:00:30 GMT", 30_000],
    ["Monday, 23-Nov-26 10:01:00 GMT", 60_000],
    ["Mon, 23 Nov 2026 09:00:00 GMT", 0],
    ["", undefined],
    ["soon", undefined],
    ["-5", undefined],
    ["2026", 2_026_000],
    ["0x10", undefined],
    [undefined, undefined],
  ])("%p is %p ms", (header, ms) => {
    expect(parseRetryAfter(header, undefined, now)).toBe(ms);
  });

  it("as a date is held against the API's own clock, whatever ours says", () => {
    fc.assert(
      fc.property(fc.integer({ min: -3_600_000, max: 3_600_000 }), fc.nat(3600), (skewMs, seconds) => {
        const until = new Date(now + seconds * 1000).toUTCString();
        const date = new Date(now).toUTCString();
        expect(parseRetryAfter(until, date, now + skewMs)).toBe(seconds * 1000);
      }),
    );
  });

  it("is never negative", () => {
    fc.assert(
      fc.property(fc.string(), fc.option(fc.string(), { nil: undefined }), (header, date) => {
        expect(parseRetryAfter(header, date, now) ?? 0).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
