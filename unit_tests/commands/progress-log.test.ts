import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createProgressLog } from "../../src/commands/progress-log.ts";
import type { StreamMessages } from "../../src/commands/stream-messages.ts";
import { stream } from "../../src/streams/sessions.ts";
import type { Partition } from "../../src/streams/stream.ts";
import type { Cursor } from "../../src/sync/cursor.ts";

const DAY = 86_400;
const T = Date.UTC(2024, 1, 1) / 1000;
const BOUNDS = { startDate: T, endDate: undefined, lookback: DAY, now: T + 10 * DAY };

/** A log, and what it has told so far. */
function start({ name, cursor, now = BOUNDS.now }: { name?: string; cursor?: Cursor; now?: number } = {}) {
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
  const partition: Partition = name === undefined ? {} : { segmentId: name };
  const begun = { partition, cursor, bounds: { ...BOUNDS, now } };
  return { log: createProgressLog(messages, stream, begun, () => 0), told, estimates };
}

describe("createProgressLog", () => {
  it("tells the window, and what of it is read again", () => {
    const { log, told } = start();
    log({ kind: "window", from: T, to: T + DAY, reached: undefined });
    log({ kind: "window", from: T, to: T + 2 * DAY, reached: T + DAY });
    expect(told).toEqual([
      "INFO reading sessions of 2024-02-01T00:00:00Z to 2024-02-02T00:00:00Z",
      expect.stringMatching(/to 2024-02-03T00:00:00Z; those of .* to 2024-02-02T00:00:00Z again/),
    ]);
  });

  it("names the partition", () => {
    const { log, told } = start({ name: "a segment" });
    log({ kind: "window", from: T, to: T + DAY, reached: undefined });
    expect(told).toEqual([expect.stringMatching(/^INFO a segment: reading/)]);
  });

  it("tells how far it is once in a thousand sessions and at the end, with what is expected in all", () => {
    const { log, told, estimates } = start();
    const windowEnd = T + 5;
    log({ kind: "estimate", rows: 2500 });
    for (const rows of [600, 1200, 1800]) log({ kind: "progress", rows, reached: T + 1, windowEnd });
    log({ kind: "progress", rows: 2500, reached: T + 3600, windowEnd });
    expect(estimates).toEqual([2500]);
    expect(told).toEqual([
      expect.stringMatching(/up to 2024-02-01T00:00:01Z: 1200 of about 2500 sessions/),
      expect.stringMatching(/up to 2024-02-01T00:00:05Z: 2500 sessions/),
    ]);
  });

  it("tells of spans that are read again, of what is skipped, and of what is amiss", () => {
    const { log, told } = start();
    const span = { start: T, end: T + DAY };
    log({ kind: "reread", span, why: "it moved" });
    log({ kind: "skipped", span });
    log({ kind: "warning", text: "counts differ" });
    expect(told).toEqual([
      "INFO 2024-02-01T00:00:00Z to 2024-02-02T00:00:00Z is read again: it moved",
      expect.stringMatching(
        /^WARN start_date has moved: .*2024-02-01T00:00:00Z to 2024-02-02T00:00:00Z.*not read.*Reset/,
      ),
      "WARN counts differ",
    ]);
  });

  it("warns of a cursor or a start_date in the future, and of a start_date that came to lie earlier", () => {
    const read = { timestamp: (T + 9 * DAY) * 1000, fingerprints: [] };
    const told = [
      start({ cursor: { timestamp: (T + 11 * DAY) * 1000, fingerprints: [] } }),
      start({ now: T - 1 }),
      start({ cursor: { ...read, since: T + DAY } }),
      start({ cursor: { ...read, since: T } }),
      start(),
    ].map((each) => each.told);
    expect(told).toEqual([
      [expect.stringMatching(/^WARN .*future.*Reset/)],
      [expect.stringMatching(/^WARN start_date lies in the future/)],
      [
        expect.stringMatching(
          /^WARN start_date is earlier.*2024-02-01T00:00:00Z to 2024-02-02T00:00:00Z.*Reset/,
        ),
      ],
      [],
      [],
    ]);
  });

  it("takes any numbers that a state may hold", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), (timestamp, since) => {
        const { told } = start({ cursor: { timestamp, since, fingerprints: [] } });
        expect(told.length).toBe(since > T ? 1 : 0);
      }),
    );
  });
});
