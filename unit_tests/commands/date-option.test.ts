import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parseDateOption } from "../../src/commands/date-option.ts";

const NOW = Date.UTC(2024, 1, 29, 12, 0, 0, 999);

function parsed(text: string): string {
  return parseDateOption("--start-date", text, NOW);
}

describe("a date on the command line", () => {
  it.each([
    ["2024-01-31", "2024-01-31T00:00:00Z"],
    [" 2024-02-29 ", "2024-02-29T00:00:00Z"],
    ["2024-01-31T23:59:59Z", "2024-01-31T23:59:59Z"],
    ["7d", "2024-02-22T12:00:00Z"],
    ["1.5 days", "2024-02-28T00:00:00Z"],
    ["36h", "2024-02-28T00:00:00Z"],
    ["2 weeks", "2024-02-15T12:00:00Z"],
    ["90 minutes", "2024-02-29T10:30:00Z"],
    ["0d", "2024-02-29T12:00:00Z"],
    ["30 days ago", "2024-01-30T12:00:00Z"],
    ["7d ago", "2024-02-22T12:00:00Z"],
    ["today", "2024-02-29T00:00:00Z"],
    ["Yesterday", "2024-02-28T00:00:00Z"],
    ["2026-11", "2026-11-01T00:00:00Z"],
    ["2024-01-31T00:30:00+02:00", "2024-01-30T22:30:00Z"],
    ["2024-01-31T23:30:00-05:30", "2024-02-01T05:00:00Z"],
    ["2024-01-31T00:00:00.999Z", "2024-01-31T00:00:00Z"],
    ["2024-01-31t00:00:00z", "2024-01-31T00:00:00Z"],
    ["2024-01-31 01:00:00.123+01", "2024-01-31T00:00:00Z"],
    ["1704067200500", "2024-01-01T00:00:00Z"],
  ])("%j is %s", (text, date) => {
    expect(parsed(text)).toBe(date);
  });

  it.each([
    "",
    "the day before yesterday",
    "ago",
    "7",
    "1704067200",
    "2024-13",
    "2024-00",
    "0000-01-01T00:00:00+02:00",
    "9999-12-31T23:59:59-02:00",
    "d",
    "-7d",
    "in 7 d",
    "1M",
    "12 M",
    "2023-02-29",
    "2024-02-30",
    "2024-13-01",
    "2024-1-1",
    "2024-01-31 00:00",
    "2024-01-31T24:00:00Z",
    "2024-01-31T00:00:60Z",
    "2024-01-31T00:00:00",
    "2024-01-31 00:00:00",
    "2024-01-31T00:00:00+0100",
    "2024-02-30T00:00:00+01:00",
    "31.01.2024",
    "99999999999999y",
  ])("%j is refused, with the option's name", (text) => {
    expect(() => parsed(text)).toThrow(/^--start-date must be a date like 2024-01-31 or 2024-01, /);
  });

  it("is always in the form that the configuration has", () => {
    const texts = fc.oneof(
      fc
        .tuple(fc.nat(5000), fc.constantFrom("s", "m", "h", "d", "w"))
        .map(([count, unit]) => `${count}${unit}`),
      fc
        .date({ min: new Date(0), max: new Date(NOW), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(parsed(text)).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
        expect(Date.parse(parsed(text))).toBeLessThanOrEqual(NOW);
      }),
    );
  });
});
