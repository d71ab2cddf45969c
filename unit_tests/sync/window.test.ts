import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Cursor } from "../../src/sync/cursor.ts";
import { type Bounds, planWindow } from "../../src/sync/window.ts";

const NOW = 1_800_000_000;
const HOUR = 3600;
const bounds: Bounds = { startDate: NOW - 1000 * HOUR, endDate: undefined, lookback: 24 * HOUR, now: NOW };
const slice = { start: NOW - 90 * HOUR, end: NOW - 80 * HOUR, offset: 300, total: 498, last: "a", twins: 1 };
const known = (start: number, end: number) => ({ start, end, rows: 3, sum: 7 });

function cursorAt(seconds: number, more: Partial<Cursor> = {}): Cursor {
  return { timestamp: seconds * 1000, cells: [], ...more };
}

describe("the window of a sync", () => {
  it("goes from the start date to the last whole second before the sync began, at the first", () => {
    expect(planWindow(undefined, bounds)).toMatchObject({ from: bounds.startDate, to: NOW });
  });

  it("ends at the end date, and is none where that lies before the cursor", () => {
    const endDate = NOW - 100 * HOUR;
    expect(planWindow(undefined, { ...bounds, endDate })).toMatchObject({ to: endDate });
    expect(planWindow(cursorAt(NOW - HOUR), { ...bounds, endDate })).toBeUndefined();
  });

  it("is none for a cursor in the future", () => {
    expect(planWindow(cursorAt(NOW + 1), bounds)).toBeUndefined();
    expect(planWindow({ timestamp: Number.MAX_SAFE_INTEGER, cells: [] }, bounds)).toBeUndefined();
  });

  it("looks back from a bare timestamp, with nothing known", () => {
    const window = planWindow(cursorAt(NOW - HOUR), bounds);
    expect(window?.from).toBe(NOW - 25 * HOUR);
    expect(window?.todo).toEqual([{ start: NOW - 25 * HOUR, end: NOW, rows: 0, sum: undefined }]);
  });

  it("looks back at nothing in a full refresh, and keeps fingerprints for the incremental sync after it", () => {
    const window = planWindow(cursorAt(NOW - HOUR), { ...bounds, forwardOnly: true });
    expect(window).toMatchObject({ from: NOW - HOUR, remember: NOW - 24 * HOUR });
  });

  it("never looks back beyond the start date", () => {
    const startDate = NOW - 2 * HOUR;
    expect(planWindow(cursorAt(NOW - HOUR), { ...bounds, startDate })?.from).toBe(startDate);
  });

  it("reads a longer lookback's new part as unread, and what is known as known", () => {
    const cells = [known(NOW - 25 * HOUR, NOW - HOUR)];
    const window = planWindow(cursorAt(NOW - HOUR, { cells }), { ...bounds, lookback: 48 * HOUR });
    expect(window?.todo).toEqual([
      { start: NOW - 49 * HOUR, end: NOW - 25 * HOUR, rows: 0, sum: undefined },
      cells[0],
      { start: NOW - HOUR, end: NOW, rows: 0, sum: undefined },
    ]);
  });

  it("starts with a whole cell where the lookback begins inside one", () => {
    const cells = [known(NOW - 30 * HOUR, NOW - 20 * HOUR), known(NOW - 20 * HOUR, NOW - HOUR)];
    expect(planWindow(cursorAt(NOW - HOUR, { cells }), bounds)?.from).toBe(NOW - 30 * HOUR);
  });

  it("goes on where an unfinished sync stopped, and looks back from that sync's end the next time", () => {
    const until = NOW - 2 * HOUR;
    const window = planWindow(cursorAt(NOW - 500 * HOUR, { until }), bounds);
    expect(window).toMatchObject({ from: NOW - 500 * HOUR, to: NOW, until });
    const after = planWindow(cursorAt(NOW - HOUR, { until }), bounds);
    expect(after?.from).toBe(until - 24 * HOUR);
  });

  it("goes on inside a half-read slice", () => {
    const window = planWindow(cursorAt(NOW - 90 * HOUR, { slice, until: NOW - HOUR }), bounds);
    expect(window).toMatchObject({ from: slice.start, resume: slice });
  });

  it("reads a half-read slice again that reaches beyond the end", () => {
    const cursor = cursorAt(NOW - 90 * HOUR, { slice, until: NOW - HOUR });
    const window = planWindow(cursor, { ...bounds, endDate: NOW - 85 * HOUR });
    expect(window?.resume).toBeUndefined();
    expect(window).toMatchObject({ from: slice.start, to: NOW - 85 * HOUR });
  });

  it("is covered by adjacent cells from its start to its end, whatever the state says", () => {
    const seconds = fc.integer({ min: NOW - 2000 * HOUR, max: NOW + HOUR });
    const optional = fc.option(seconds, { nil: undefined });
    const edges = fc.uniqueArray(seconds, { maxLength: 8 }).map((list) => list.sort((a, b) => a - b));
    const property = fc.property(
      seconds,
      optional,
      optional,
      edges,
      fc.nat(60),
      (reached, until, at, list, lookback) => {
        const cells = list.slice(1).map((end, index) => known(list[index] ?? 0, end));
        const more = { cells, ...(until !== undefined && { until }), ...(at !== undefined && { at }) };
        const window = planWindow(cursorAt(reached, more), { ...bounds, lookback: lookback * HOUR });
        if (window === undefined) return;
        expect(window.todo[0]?.start).toBe(window.from);
        expect(window.todo.at(-1)?.end).toBe(window.to);
        for (const [index, cell] of window.todo.entries()) {
          expect(cell.start).toBeLessThan(cell.end);
          if (index > 0) expect(cell.start).toBe(window.todo[index - 1]?.end);
        }
        expect(window.from).toBeGreaterThanOrEqual(bounds.startDate);
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });
});
