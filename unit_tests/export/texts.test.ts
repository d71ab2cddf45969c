/** Lines for people, as wide as there is room. */
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { dayChart } from "../../src/export/day-chart.ts";
import type { ProgressView } from "../../src/export/progress.ts";
import { barLine, logText } from "../../src/export/progress-text.ts";
import { countOf, dayText, durationText } from "../../src/export/quantities.ts";

const READING: ProgressView = {
  stream: "sessions",
  phase: "reading",
  done: 12_345,
  total: 50_000,
  fraction: 0.2469,
  perSecond: 1234.5,
  leftMs: 30_500,
};

describe("a stream's bar", () => {
  it.each([
    [120, "sessions  ███████░░░░░░░░░░░░░░░░░░░░░░░   24%  12,345 of 50,000  31 s left  1,235/s"],
    [60, "sessions   24%  12,345 of 50,000  31 s left  1,235/s"],
    [40, "sessions   24%  12,345 of 50,000"],
    [20, "sessions   24%"],
    [8, "session"],
  ])("has in %d columns what matters most", (columns, line) => {
    expect(barLine(READING, 8, columns, false)).toBe(line);
  });

  const unknown = { fraction: undefined, total: undefined, leftMs: undefined };

  it.each<readonly [Partial<ProgressView>, string]>([
    [{ phase: "waiting", fraction: undefined }, "sessions  waiting"],
    [{ phase: "done", fraction: 1 }, "sessions  ██████████████████████████████  100%  12,345 sessions"],
    [{ phase: "failed", fraction: undefined }, "sessions  failed  12,345 of 50,000"],
    [unknown, "sessions  12,345 sessions  1,235/s"],
    [{ ...unknown, perSecond: 0 }, "sessions  12,345 sessions"],
  ])("where %j", (change, line) => {
    expect(barLine({ ...READING, ...change }, 8, 120, false)).toBe(line);
  });

  it("is never wider than the terminal, and says the same in colors", () => {
    const views = fc.record({
      stream: fc.constantFrom("sessions", "segment_sessions"),
      phase: fc.constantFrom("waiting", "reading", "done", "failed"),
      done: fc.nat(1e9),
      total: fc.option(fc.nat(1e9), { nil: undefined }),
      fraction: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined }),
      perSecond: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
      leftMs: fc.option(fc.double({ min: 0, max: 1e12, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(views, fc.integer({ min: 30, max: 200 }), (view, columns) => {
        const plain = barLine(view, 16, columns, false);
        expect(plain.length).toBeLessThan(columns);
        expect(stripVTControlCharacters(barLine(view, 16, columns, true)).startsWith(plain)).toBe(true);
      }),
    );
  });

  it("in a log is a sentence", () => {
    expect(logText(READING)).toBe(
      "sessions: 12,345 of 50,000 sessions (24%), 1,235 a second, about 31 s left",
    );
    const unknown = { total: undefined, fraction: undefined, perSecond: undefined, leftMs: undefined };
    expect(logText({ ...READING, ...unknown })).toBe("sessions: 12,345 sessions");
  });
});

describe("the chart of days", () => {
  const days = new Map([
    ["2024-02-27", 100],
    ["2024-02-29", 50],
    ["2024-03-01", 1],
  ]);

  it("has a bar for each day, also for those without sessions", () => {
    expect(dayChart(days, 80, false)).toEqual([
      "  2024-02-27  ████████████████████████████████████████  100",
      "  2024-02-28                                              0",
      "  2024-02-29  ████████████████████                       50",
      "  2024-03-01  ▍                                           1",
    ]);
  });

  it("goes without bars where there is no room for them", () => {
    expect(dayChart(days, 25, false)).toEqual([
      "  2024-02-27  100",
      "  2024-02-28    0",
      "  2024-02-29   50",
      "  2024-03-01    1",
    ]);
  });

  it("is empty without days, and ends with the newest of many", () => {
    expect(dayChart(new Map(), 80, false)).toEqual([]);
    const many = new Map(
      [...Array(40).keys()].map((at) => [new Date(at * 86_400_000).toISOString().slice(0, 10), at]),
    );
    const lines = dayChart(many, 80, false);
    expect(lines).toHaveLength(14);
    expect(lines[0]).toMatch(/^ {2}1970-01-27 /);
    expect(lines.at(-1)).toMatch(/^ {2}1970-02-09 .* 39$/);
  });

  it("is never wider than the terminal", () => {
    const counts = fc.array(fc.nat(1e9), { minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 30, max: 200 }), (values, columns) => {
        const some = new Map(values.map((count, at) => [dayText(Date.UTC(2024, 0, 1 + at)), count]));
        for (const line of dayChart(some, columns, false)) expect(line.length).toBeLessThan(columns);
      }),
    );
  });
});

describe("quantities", () => {
  it.each([
    [0, "0.0 s"],
    [9949, "9.9 s"],
    [9951, "10 s"],
    [59_499, "59 s"],
    [59_500, "1 min 0 s"],
    [200_000, "3 min 20 s"],
    [7_500_000, "2 h 5 min"],
  ])("%d ms are %s", (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it("are one or many", () => {
    expect([0, 1, 2, 62_300].map((count) => countOf(count, "session"))).toEqual([
      "0 sessions",
      "1 session",
      "2 sessions",
      "62,300 sessions",
    ]);
  });
});
