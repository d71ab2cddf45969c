import { describe, expect, it } from "@jest/globals";
import { askedIn } from "../../bench/measure/requests.ts";
import { median } from "../../bench/measure/statistics.ts";
import { replaceBetween } from "../../bench/report/document.ts";

describe("text between two marks", () => {
  const text = "before\n<a>\nold\n<b>\nafter <a>";

  it("is replaced, and the same text twice over changes nothing more", () => {
    const once = replaceBetween(text, "<a>", "<b>", "new");
    expect(once).toBe("before\n<a>\n\nnew\n\n<b>\nafter <a>");
    expect(replaceBetween(once, "<a>", "<b>", "new")).toBe(once);
  });

  it.each([
    ["<c>", "<b>"],
    ["<b>", "<c>"],
    ["<b>\n", "<b>"],
  ])("is an error where the marks %j and %j are not there in this order", (begin, end) => {
    expect(() => replaceBetween(text, begin, end, "new")).toThrow(Error);
  });
});

describe("requests", () => {
  it("tells those that found slices from those that read them", () => {
    const of = (start: number, from: number) => ({
      start,
      end: start + 10,
      from,
      limit: 100,
      segmentId: undefined,
      select: undefined,
    });
    expect(askedIn([of(1, 0), of(2, 0), of(2, 99), of(3, 0), of(3, 99)])).toEqual({
      requests: 5,
      finding: 1,
    });
  });
});

describe("median", () => {
  it("is the middle value, or the mean of the two in the middle", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });
});
