import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";

/** What a pattern's first group matches in a file of this repository. */
function found(path: string, pattern: RegExp): readonly string[] {
  const text = readFileSync(join(__dirname, "..", path), "utf8");
  return [...text.matchAll(pattern)].map((match) => match[1] ?? "").sort();
}

describe("docs/errors.md", () => {
  it("has a section for each error code, and for no other", () => {
    const union = found("src/errors.ts", /export type ErrorCode =([^;]+);/g).join("");
    const codes = [...union.matchAll(/"(\w+)"/g)].map((match) => match[1]).sort();
    expect(codes.length).toBeGreaterThan(10);
    expect(found("docs/errors.md", /^### `(\w+)`$/gm)).toEqual(codes);
  });
});
