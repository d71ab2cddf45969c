import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createProgress } from "../../src/terminal/progress.ts";

const DAY = 86_400;
const START = Date.UTC(2024, 0, 1) / 1000;
const END = START + 10 * DAY;

/** A stream of so many partitions, in the first of them for a second. */
function begin(partitions = 1) {
  let now = 0;
  const progress = createProgress("sessions", "sessions", partitions, () => now);
  const window = (from = START, to = END) =>
    progress.report({ kind: "window", from, to, reached: undefined });
  progress.begin(END);
  now = 1000;
  return {
    ...progress,
    window,
    estimate: (rows: number) => progress.report({ kind: "estimate", rows }),
    came: (rows: number, reached = START, windowEnd = END) =>
      progress.report({ kind: "progress", rows, reached, windowEnd }),
  };
}

/** How far it is by its line, in percent. */
function percent(line: string): number {
  return Number(/(\d+)%/.exec(line)?.[1] ?? -1);
}

describe("progress", () => {
  it("goes by what the API has counted", () => {
    const progress = begin();
    expect(progress.line()).toBe("sessions: asking Browsee for sessions");
    progress.window();
    progress.estimate(4000);
    progress.came(1000);
    expect(progress.line()).toBe("sessions: 25%, 1,000 of 4,000 sessions, 1,000 a second, 3 s left");
  });

  it("does not call new what an earlier run may have brought", () => {
    const progress = begin();
    progress.report({ kind: "window", from: START, to: END, reached: START + DAY });
    progress.estimate(4000);
    progress.came(1000);
    expect(progress.line()).toContain("25%, 1,000 of 4,000 sessions looked at, ");
  });

  it("goes by time where nothing was counted", () => {
    const progress = begin();
    progress.window();
    progress.came(0, START + 5 * DAY);
    expect(progress.line()).toBe("sessions: 50%, 0 sessions, 1 s left");
  });

  it("is not done before it has ended, nor has a total that is less than what is done", () => {
    const progress = begin();
    progress.window();
    progress.estimate(100);
    progress.came(150);
    expect(progress.line()).toBe("sessions: 99%, 150 of 150 sessions, 150 a second, 1 s left");
  });

  it("counts the partitions of a stream together", () => {
    const progress = begin(2);
    progress.window();
    progress.estimate(100);
    progress.came(100, END);
    expect(progress.line()).toContain("50%, 100 sessions, ");
    progress.begin(END);
    progress.window();
    progress.estimate(300);
    progress.came(150);
    expect(progress.line()).toContain("75%, 250 of 400 sessions, ");
  });

  it("takes what an earlier run left and what came since for one way, and counts this run's sessions alone", () => {
    const progress = begin();
    progress.window(START, START + 5 * DAY);
    progress.came(500, START + 2.5 * DAY, START + 5 * DAY);
    expect(progress.line()).toContain("25%, 500 sessions, ");
    progress.came(900, START + 5 * DAY, START + 5 * DAY);
    progress.window(START + 5 * DAY, END);
    progress.estimate(100);
    progress.came(50);
    expect(progress.line()).toContain("75%, 950 of 1,000 sessions, ");
  });

  it("never goes back, whatever is read again", () => {
    const came = fc.record({ rows: fc.nat(500), reached: fc.integer({ min: START, max: END }) });
    fc.assert(
      fc.property(fc.array(came), fc.boolean(), (events, counted) => {
        const progress = begin();
        progress.window();
        if (counted) progress.estimate(400);
        let [done, part] = [0, -1];
        for (const { rows, reached } of events) {
          progress.came(rows, reached);
          const now = percent(progress.line());
          expect(progress.done()).toBeGreaterThanOrEqual(done);
          expect(now).toBeGreaterThanOrEqual(part);
          expect(now).toBeLessThan(100);
          [done, part] = [progress.done(), now];
        }
      }),
    );
  });
});

describe("a bar", () => {
  const bar = (columns: number, color = false) => {
    const progress = begin();
    progress.window();
    progress.estimate(50_000);
    progress.came(12_500);
    return progress.line({ columns, color });
  };

  it.each([
    [
      120,
      `sessions  ${"█".repeat(8)}${"░".repeat(22)}  25%, 12,500 of 50,000 sessions, 12,500 a second, 3 s left`,
    ],
    [80, "sessions  █████░░░░░░░░░░░░░░░  25%, 12,500 of 50,000, 12,500/s, 3 s left"],
    [60, "sessions  ████░░░░░░░░░░░  25%, 12,500 of 50,000, 3 s left"],
    [46, "sessions  ███░░░░░░░░  25%, 12,500 of 50,000"],
    [40, "sessions  25%, 12,500 of 50,000"],
  ])("is as wide as %d columns allow", (columns, line) => {
    expect(bar(columns)).toBe(line);
  });

  it("is never wider than the terminal, and says the same in colors", () => {
    fc.assert(
      fc.property(fc.integer({ min: 10, max: 200 }), (columns) => {
        expect(bar(columns).length).toBeLessThan(columns);
        expect(stripVTControlCharacters(bar(columns, true))).toBe(bar(columns));
      }),
    );
  });
});
