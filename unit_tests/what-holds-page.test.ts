import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { scripts } from "../package.json";

const ROOT = join(__dirname, "..");
const PAGE = readFileSync(join(ROOT, "docs", "what-holds.md"), "utf8");

/** What stands between backticks in the second column. */
function named(pattern: RegExp): readonly string[] {
  const columns = PAGE.split("\n").flatMap((line) => line.split(" | ").slice(1));
  return columns.flatMap((column) => [...column.matchAll(pattern)].map((match) => match[1] ?? ""));
}

describe("docs/what-holds.md", () => {
  it("names tests that there are", () => {
    const tests = named(/`((?:unit_tests|integration_tests|scripts)\/[^`]+)`/g);
    expect(tests.length).toBeGreaterThan(40);
    const endings = ["", ".ts", ".test.ts"];
    expect(tests.filter((test) => !endings.some((ending) => existsSync(join(ROOT, test + ending))))).toEqual(
      [],
    );
  });

  it("names a test for each promise", () => {
    const rows = PAGE.split("\n").filter((line) => line.startsWith("| ") && !line.startsWith("| **"));
    const bare = rows.slice(2).filter((line) => /\|\s*\|$/.test(line));
    expect(bare).toEqual([]);
  });

  it("names npm scripts that there are", () => {
    const commands = [...PAGE.matchAll(/`npm (?:run )?([\w:]+)`/g)].map((match) => match[1] ?? "");
    const known = ["pack", ...Object.keys(scripts)];
    expect(commands.length).toBeGreaterThan(3);
    expect(commands.filter((command) => !known.includes(command))).toEqual([]);
  });
});
