import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createProgressLog } from "../../src/commands/progress-log.ts";
import type { StreamMessages } from "../../src/commands/stream-messages.ts";
import type { Partition } from "../../src/streams/stream.ts";

const DAY = 86_400;
const T = Date.UTC(2024, 1, 1) / 1000;
const BOUNDS = { startDate: T, endDate: undefined, lookback: DAY, now: T + 10 * DAY };

/** A log, and what it has told so far. */
function start(name?: string) {
  const told: string[] = [];
  const estimates: number[] = [];
  const nothing = async () => undefined;
  const messages: StreamMessages = {
    status: nothing,
    records: nothing,
    state: nothing,
    failed: nothing,
    waiting: () => undefined,
    log: async (level, text) => void told.push(`${level} ${text}`),
    estimate: async (rows) => void estimates.push(rows),
  };
  const partition: Partition = {
    partition: name === undefined ? undefined : { segmentId: name },
    export: { path: "/" },
    reader: fail,
  };
  return { log: createProgressLog(messages, partition, () => 0), told, estimates };
}

function fail(): never {
  throw new Error("no row is read here");
}

describe("createProgressLog", () => {
  it("tells the window, and what of it is read again", () => {
    const { log, told } = start();
    log.report({ kind: "window", from: T, to: T + DAY, reached: undefined });
    log.report({ kind: "window", from: T, to: T + 2 * DAY, reached: T + DAY });
    expect(told).toEqual([
      "INFO reading sessions of 2024-02-01T00:00:00Z to 2024-02-02T00:00:00Z",
      expect.stringMatching(/to 2024-02-03T00:00:00Z; those of .* to 2024-02-02T00:00:00Z again/),
    ]);
  });

  it("names the partition", () => {
    const { log, told } = start("a segment");
    log.report({ kind: "window", from: T, to: T + DAY, reached: undefined });
    expect(told).toEqual([expect.stringMatching(/^INFO a segment: reading/)]);
  });

  it("tells of slices once in a thousand sessions and at the end, with what is expected in all", () => {
    const { log, told, estimates } = start();
    const slice = { start: T, end: T + 1 };
    log.report({ kind: "estimate", rows: 2500 });
    for (const counted of [600, 600, 600]) log.report({ kind: "slice", slice, counted, windowEnd: T + 5 });
    log.report({ kind: "slice", slice: { start: T, end: T + 5 }, counted: 700, windowEnd: T + 5 });
    expect(estimates).toEqual([2500]);
    expect(told).toEqual([
      expect.stringMatching(/: 1200 of about 2500 sessions/),
      expect.stringMatching(/: 2500 sessions/),
    ]);
  });

  it("tells of a set that moves, ever more seldom", () => {
    const { log, told } = start();
    const slice = { start: T, end: T + 1 };
    for (let time = 0; time < 100; time += 1) log.report({ kind: "torn", slice, why: "it moved" });
    expect(told.map((text) => /\((\d+) so far\)/.exec(text)?.[1])).toEqual([
      "1",
      "2",
      "4",
      "8",
      "16",
      "32",
      "64",
    ]);
  });

  it("warns of a cursor in the future, and of a start_date that came to lie earlier", () => {
    const { log, told } = start();
    log.start({ timestamp: (T + 11 * DAY) * 1000, cells: [] }, BOUNDS);
    log.start({ timestamp: (T + 9 * DAY) * 1000, since: T + DAY, cells: [] }, BOUNDS);
    log.start({ timestamp: (T + 9 * DAY) * 1000, since: T, cells: [] }, BOUNDS);
    log.start(undefined, BOUNDS);
    expect(told).toEqual([
      expect.stringMatching(/^WARN .*future.*Reset/),
      expect.stringMatching(
        /^WARN start_date is earlier.*2024-02-01T00:00:00Z to 2024-02-02T00:00:00Z.*Reset/,
      ),
    ]);
  });

  it("takes any numbers that a state may hold", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (timestamp, since) => {
        const { log, told } = start();
        log.start({ timestamp, since, cells: [] }, BOUNDS);
        expect(told.length).toBe(since > T ? 1 : 0);
      }),
    );
  });
});
