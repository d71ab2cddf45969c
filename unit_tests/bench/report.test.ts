import { describe, expect, it } from "@jest/globals";
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
