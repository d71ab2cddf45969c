import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { BadCursor, type Cursor, decodeCursor, encodeCursor } from "../../src/sync/cursor.ts";
import { compact, type Fingerprint } from "../../src/sync/fingerprints.ts";

const fingerprints: fc.Arbitrary<readonly Fingerprint[]> = fc
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
      const each = { start, end: start + width, rows: sum === undefined ? 0 : rows, sum };
      start = each.end;
      return each;
    });
  });

const slices = fc
  .record({
    from: fc.nat(1e9),
    ahead: fc.nat(1e6),
    width: fc.integer({ min: 1, max: 1e9 }),
    total: fc.nat(1e6),
    came: fc.nat(2e6),
    hasStrays: fc.boolean(),
  })
  .map(({ from, ahead, width, ...rest }) => ({
    ...rest,
    from,
    start: from + ahead,
    end: from + ahead + width,
  }));

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("a cursor in the state", () => {
  it("comes back as it was", () => {
    const cursors: fc.Arbitrary<Cursor> = fc.record(
      { timestamp: fc.nat(2 ** 45), slice: slices, since: fc.nat(2e9), fingerprints },
      { requiredKeys: ["timestamp", "fingerprints"] },
    );
    const property = fc.property(cursors, (cursor) => {
      fc.pre((cursor.slice?.start ?? 0) * 1000 <= cursor.timestamp);
      expect(decodeCursor(throughJson(encodeCursor(cursor, 1000)))).toEqual(cursor);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("has how many of the slice's sessions have been dealt with, and how many the API counted", () => {
    const slice = { start: 5, end: 9, from: 1, total: 40, came: 30, hasStrays: false };
    const encoded = encodeCursor({ timestamp: 5000, slice, fingerprints: [] }, 10);
    expect(encoded).toMatchObject({ timestamp: 5000, slice: { start: 5, end: 9, offset: 30, total: 40 } });
  });

  it("is understood from a timestamp alone, from nothing, and with keys it does not know", () => {
    expect(decodeCursor({ timestamp: 5 })).toEqual({ timestamp: 5, fingerprints: [] });
    expect(decodeCursor({})).toBeUndefined();
    expect(decodeCursor(undefined)).toBeUndefined();
    const other = { timestamp: 5, later: { deep: [1] }, seen: "another form" };
    expect(decodeCursor(other)).toEqual({ timestamp: 5, fingerprints: [] });
  });

  it("leaves no hole where its places contradict each other", () => {
    expect(decodeCursor({ timestamp: 5_000_000, at: 6000 })).toEqual({
      timestamp: 5_000_000,
      fingerprints: [],
    });
    const slice = { start: 6000, end: 7000, from: 1, offset: 300, total: 400 };
    expect(decodeCursor({ timestamp: 5_000_000, slice })).toEqual({
      timestamp: 5_000_000,
      fingerprints: [],
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
    const property = fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (timestamp, slice, seen) => {
      try {
        decodeCursor({ timestamp, slice, seen });
      } catch (error) {
        expect(error).toBeInstanceOf(BadCursor);
      }
    });
    fc.assert(property, { numRuns: 2000 });
  });
});

describe("fingerprints", () => {
  it("are read or passed over, whatever the text", () => {
    const property = fc.property(fc.base64String(), fc.nat(), (seen, start) => {
      const read = decodeCursor({ timestamp: 1, seen: { start, cells: seen } })?.fingerprints ?? [];
      for (const each of read) expect(each.end).toBeGreaterThan(each.start);
    });
    fc.assert(property, { numRuns: 2000 });
  });

  it("are merged to as many as may be, over the same span with the same sums, never across an edge", () => {
    const counts = fc.integer({ min: 1, max: 30 });
    const property = fc.property(fingerprints, counts, fc.nat(49), (list, most, index) => {
      const edge = list[index]?.start ?? list[0]?.start ?? 0;
      const merged = compact(list, most, [edge], list.at(-1)?.end ?? 0);
      const unread = list.filter(({ sum }) => sum === undefined).length;
      expect(merged.length).toBeLessThanOrEqual(Math.max(most, 2 + 2 * unread));
      expect(merged[0]?.start).toBe(list[0]?.start);
      expect(merged.at(-1)?.end).toBe(list.at(-1)?.end);
      expect(merged.every(({ start, end }) => end <= edge || start >= edge)).toBe(true);
      const total = (each: readonly Fingerprint[]) =>
        each.reduce((all, { sum = 0 }) => (all + sum) % 2 ** 32, 0);
      expect(total(merged)).toBe(total(list));
    });
    fc.assert(property, { numRuns: 1000 });
  });
});
