import { describe, expect, it } from "@jest/globals";
import { countOf, durationText } from "../../src/terminal/quantities.ts";

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
