/** --escape-formulas: a CSV file that a spreadsheet may open. */
import { stat } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { rowsIn } from "./contents.ts";
import { atWork, expectRefused } from "./workplace.ts";

const START = Date.UTC(2024, 5, 1);

/** What visitors send, and what then stands in the file. */
const TEXTS: readonly (readonly [string, string])[] = [
  ['=HYPERLINK("https://evil.example","Click")', '\'=HYPERLINK("https://evil.example","Click")'],
  ["+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"],
  ["-2+3", "'-2+3"],
  ["@SUM(1,2)", "'@SUM(1,2)"],
  ["\t=1+1", "'\t=1+1"],
  ["\ttab", "'\ttab"],
  ["\r\n=1", "'\r\n=1"],
  ["  =1", "'  =1"],
  ["\u200b\u00a0=1", "'\u200b\u00a0=1"],
  ["＝1+1", "'＝1+1"],
  ['"=1', "'\"=1"],
  // Where numbers are written 1,5, spreadsheets begin a new cell here.
  ['shoes;=cmd|" /C calc"', 'shoes;\'=cmd|" /C calc"'],
  ["line\n@SUM(1)", "line\n'@SUM(1)"],
  ["a-b = c+d @ e", "a-b = c+d @ e"],
  ["'=1", "'=1"],
  ["", ""],
];

const sessions = TEXTS.map(([name], at) => ({
  timestamp: START + at,
  name,
  duration: -5,
  tags: [name],
  extra: { [name]: -1 },
}));

describe("a CSV file", () => {
  it("has exact texts, or with --escape-formulas harmless ones, whichever the last run was told", async () => {
    await atWork({ sessions }, async ({ path, done }) => {
      const names = async () => (await rowsIn(path("a.csv"))).map(({ name }) => name);
      const exact = await done("a.csv");
      expect(await names()).toEqual(TEXTS.map(([sent]) => sent));
      expect(exact.stderr).toContain("--escape-formulas makes them harmless.");

      const escaped = await done("a.csv", { args: ["--escape-formulas"] });
      expect(await names()).toEqual(TEXTS.map(([, harmless]) => harmless));
      expect(escaped.stderr).toContain("begin with an apostrophe.");
      const { mtimeMs } = await stat(path("a.csv"));
      await done("a.csv", { args: ["--escape-formulas", "--quiet"] });
      expect((await stat(path("a.csv"))).mtimeMs).toBe(mtimeMs);

      await done("a.csv");
      expect(await names()).toEqual(TEXTS.map(([sent]) => sent));
    });
  });

  it("with --escape-formulas still has numbers, and JSON that can be read", async () => {
    await atWork({ sessions }, async ({ path, done }) => {
      await done("a.csv", { args: ["--escape-formulas"] });
      const rows = await rowsIn(path("a.csv"));
      expect(rows.map(({ duration }) => duration)).toEqual(TEXTS.map(() => -5));
      expect(rows[0]).toMatchObject({
        tags: [TEXTS[0]?.[0]],
        additionalFields: { extra: { [TEXTS[0]?.[0] ?? ""]: -1 } },
      });
      const inLists = rows.map(({ tags }) => tags).join("\n");
      expect(inLists).toContain("shoes;'=cmd");
    });
  });
});

describe("--escape-formulas", () => {
  it.each(["a.parquet", "-"])("is refused for %s", async (to) => {
    await atWork({ sessions }, async (place) => {
      await expectRefused(place, to, "--escape-formulas is for a .csv file.", {
        args: ["--escape-formulas"],
      });
    });
  });
});
