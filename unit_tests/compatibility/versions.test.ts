import { describe, expect, it } from "@jest/globals";
import type { Change } from "../../scripts/compatibility/change.ts";
import { tooLarge } from "../../scripts/compatibility/versions.ts";

const CHANGES: readonly Change[] = [
  { size: "major", what: "a" },
  { size: "minor", what: "b" },
  { size: "patch", what: "c" },
];

describe("changes too large for a step", () => {
  it.each([
    ["0.1.0", "1.0.0", ""],
    ["1.9.9", "2.0.0-rc.1", ""],
    ["0.1.0", "0.2.0", "a"],
    ["1.2.3", "1.10.0", "a"],
    ["1.2.3", "1.2.4", "ab"],
    ["1.2.3", "1.2.3", "abc"],
    ["1.2.3", "1.2.2", "abc"],
    ["1.2.3", "0.9.9", "abc"],
    ["1.2.3", "1.1.9", "abc"],
  ])("from %s to %s: %j", (before, after, expected) => {
    expect(
      tooLarge(CHANGES, before, after)
        .map(({ what }) => what)
        .join(""),
    ).toBe(expected);
  });

  it.each(["1.2", "v1.2.3", "", "1.2.3.4"])("%j is no version", (version) => {
    expect(() => tooLarge([], version, "1.0.0")).toThrow("no version");
  });
});
