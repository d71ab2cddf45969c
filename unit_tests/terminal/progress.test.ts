import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createProgress } from "../../src/terminal/progress.ts";

const DAY = 86_400;
const START = Date.UTC(2024, 0, 1) / 1000;
const END = START + 10 * DAY;

/** A stream of so many windows, in the first of them for a second. */
function begin(windows = 1) {
  let now = 0;
  const progress = createProgress("sessions", windows, () => now);
  const window = () => progress.report({ kind: "window", from: START, to: END, reached: undefined });
  window();
  now = 1000;
  return {
    ...progress,
    window,
    estimate: (rows: number) => progress.report({ kind: "estimate", rows }),
    came: (rows: number, reached = START) =>
      progress.report({ kind: "progress", rows, reached, windowEnd: END }),
  };
}

describe("progress", () => {
  it("goes by what the API has counted", () => {
    const progress = begin();
    expect(progress.line()).toBe("sessions: 0 sessions");
    progress.estimate(4000);
    progress.came(1000);
    expect(progress.line()).toBe("sessions: 25%, 1,000 of 4,000 sessions, 1,000 a second, 3.0 s left");
  });

  it("goes by time where nothing was counted", () => {
    const progress = begin();
    progress.came(0, START + 5 * DAY);
    expect(progress.line()).toBe("sessions: 50%, 0 sessions, 1.0 s left");
  });

  it("never promises more than all, nor a total that is less than what is done", () => {
    const progress = begin();
    progress.estimate(100);
    progress.came(150);
    expect(progress.line()).toBe("sessions: 100%, 150 of 150 sessions, 150 a second, 0.0 s left");
  });

  it("counts the windows of a stream together", () => {
    const progress = begin(2);
    progress.estimate(100);
    progress.came(100, END);
    expect(progress.line()).toContain("50%, 100 sessions, ");
    progress.window();
    progress.estimate(300);
    progress.came(150);
    expect(progress.line()).toContain("75%, 250 of 400 sessions, ");
  });
});

describe("a bar", () => {
  const bar = (columns: number, color = false) => {
    const progress = begin();
    progress.estimate(50_000);
    progress.came(12_500);
    return progress.line({ columns, color });
  };

  it.each([
    [
      120,
      `sessions  ${"█".repeat(8)}${"░".repeat(22)}  25%, 12,500 of 50,000 sessions, 12,500 a second, 3.0 s left`,
    ],
    [79, "sessions  ██░░░░░  25%, 12,500 of 50,000 sessions, 12,500 a second, 3.0 s left"],
    [40, "sessions  25%, 12,500 of 50,000 session"],
  ])("is as wide as %d columns allow", (columns, line) => {
    expect(bar(columns)).toBe(line.slice(0, columns - 1));
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
