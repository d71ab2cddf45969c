import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Cell } from "../../src/sync/cell.ts";
import { decodeCells, encodeCells } from "../../src/sync/cell-codec.ts";
import { compact } from "../../src/sync/compact.ts";
import { BadCursor, type Cursor, decodeCursor, encodeCursor } from "../../src/sync/cursor.ts";

const cellLists: fc.Arbitrary<readonly Cell[]> = fc
  .tuple(
    fc.integer({ min: 0, max: 2_000_000_000 }),
    fc.array(
      fc.record({
        width: fc.integer({ min: 1, max: 500_000_000 }),
        rows: fc.nat(2 ** 40),
        sum: fc.option(fc.nat(2 ** 32 - 1), { nil: undefined }),
      }),
      { maxLength: 50 },
    ),
  )
  .map(([first, parts]) => {
    let start = first;
    return parts.map(({ width, rows, sum }) => {
      const cell = { start, end: start + width, rows: sum === undefined ? 0 : rows, sum };
      start = cell.end;
      return cell;
    });
  });

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("a cursor in the state", () => {
  it("comes back as it was", () => {
    const cursors: fc.Arbitrary<Cursor> = fc.record(
      {
        timestamp: fc.nat(2 ** 45),
        slice: fc
          .record({
            start: fc.nat(1e9),
            width: fc.integer({ min: 1, max: 1e9 }),
            offset: fc.integer({ min: 1, max: 9999 }),
          })
          .map(({ start, width, offset }) => ({
            start,
            end: start + width,
            offset,
            total: offset + 7,
            last: "0123456789abcdef",
            twins: 1,
          })),
        until: fc.nat(2e9),
        at: fc.nat(2e9),
        since: fc.nat(2e9),
        cells: cellLists,
      },
      { requiredKeys: ["timestamp", "cells"] },
    );
    fc.assert(
      fc.property(cursors, (cursor) => {
        const { at, slice, timestamp } = cursor;
        fc.pre((at ?? 0) * 1000 < timestamp && (slice?.start ?? 0) * 1000 <= timestamp);
        expect(decodeCursor(throughJson(encodeCursor(cursor)))).toEqual(cursor);
      }),
      { numRuns: 1000 },
    );
  });

  it("is understood from a timestamp alone, from nothing, and with keys it does not know", () => {
    expect(decodeCursor({ timestamp: 5 })).toEqual({ timestamp: 5, cells: [] });
    expect(decodeCursor({})).toBeUndefined();
    expect(decodeCursor(undefined)).toBeUndefined();
    expect(decodeCursor({ timestamp: 5, later: { deep: [1] }, seen: "another form" })).toEqual({
      timestamp: 5,
      cells: [],
    });
  });

  it("drops a slice by which the set can't be seen to be unmoved", () => {
    const slice = { start: 1, end: 2, offset: 300, total: 400 };
    expect(decodeCursor({ timestamp: 1000, slice })?.slice).toBeUndefined();
  });

  it("leaves no hole where its places contradict each other", () => {
    expect(decodeCursor({ timestamp: 5_000_000, at: 6000, until: 9000 })).toEqual({
      timestamp: 5_000_000,
      until: 9000,
      cells: [],
    });
    const slice = { start: 6000, end: 7000, offset: 300, total: 400, last: "a", twins: 1 };
    expect(decodeCursor({ timestamp: 5_000_000, slice })).toEqual({ timestamp: 5_000_000, cells: [] });
    const manyTwins = { ...slice, start: 5000, twins: 1e9 };
    expect(decodeCursor({ timestamp: 5_000_000, slice: manyTwins })).toEqual({
      timestamp: 5_000_000,
      cells: [],
    });
  });

  it.each<[string, unknown]>([
    ["a text", "2024-01-01"],
    ["a list", [1]],
    ["a negative timestamp", { timestamp: -1 }],
    ["a timestamp that is a text", { timestamp: "1706745600000" }],
    ["a fraction of a ms", { timestamp: 1.5 }],
    ["a slice that is none", { timestamp: 1, slice: "half" }],
    [
      "a slice that ends before it starts",
      { timestamp: 1, slice: { start: 2, end: 1, offset: 0, total: 0 } },
    ],
    ["more than any number of ms", { timestamp: 1e300 }],
    ["only keys that are not known", { foo: 1 }],
    ["another stream's state", { states: [] }],
    ["an offset beyond the total", { timestamp: 1, slice: { start: 1, end: 2, offset: 5, total: 4 } }],
    ["a slice without a timestamp", { slice: { start: 1, end: 2, offset: 1, total: 4 } }],
  ])("is refused if nobody could have written it: %s", (_name, value) => {
    expect(() => decodeCursor(value)).toThrow(BadCursor);
  });

  it("is read or refused, never anything else, whatever JSON it is", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (timestamp, slice, seen) => {
        try {
          decodeCursor({ timestamp, slice, seen });
        } catch (error) {
          expect(error).toBeInstanceOf(BadCursor);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("fingerprint cells", () => {
  it("come back from their encoding", () => {
    fc.assert(
      fc.property(cellLists, (cells) => {
        expect(decodeCells(throughJson(encodeCells(cells) ?? null)) ?? []).toEqual(cells);
      }),
      { numRuns: 1000 },
    );
  });

  it("are read or passed over, whatever the text", () => {
    fc.assert(
      fc.property(fc.base64String(), fc.nat(), (cells, start) => {
        const decoded = decodeCells({ start, cells });
        for (const cell of decoded ?? []) expect(cell.end).toBeGreaterThan(cell.start);
      }),
      { numRuns: 2000 },
    );
  });

  it("are merged to as many as may be, over the same span with the same sums, never across an edge", () => {
    const property = fc.property(
      cellLists,
      fc.integer({ min: 1, max: 30 }),
      fc.nat(49),
      (cells, most, index) => {
        const edge = cells[index]?.start ?? cells[0]?.start ?? 0;
        const merged = compact(cells, most, [edge], cells.at(-1)?.end ?? 0);
        const unread = cells.filter(({ sum }) => sum === undefined).length;
        expect(merged.length).toBeLessThanOrEqual(Math.max(most, 2 + 2 * unread));
        expect(merged[0]?.start).toBe(cells[0]?.start);
        expect(merged.at(-1)?.end).toBe(cells.at(-1)?.end);
        expect(merged.every((cell) => cell.end <= edge || cell.start >= edge)).toBe(true);
        const total = (list: readonly Cell[]) =>
          list.reduce((sum, cell) => (sum + (cell.sum ?? 0)) % 2 ** 32, 0);
        expect(total(merged)).toBe(total(cells));
      },
    );
    fc.assert(property, { numRuns: 1000 });
  });
});
