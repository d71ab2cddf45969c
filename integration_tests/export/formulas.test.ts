/** --escape-formulas: a CSV file that a spreadsheet may open. */
import { stat } from "node:fs/promises";
import { expect, it } from "@jest/globals";
import { atWork, expectRefused } from "./workplace.ts";

const ESCAPED = { args: ["--escape-formulas"] };

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
const SENT = TEXTS.map(([sent]) => sent);
const first = String(SENT[0]);
const sessions = SENT.map((name, at) => {
  return { timestamp: Date.UTC(2024, 5, 1) + at, name, duration: -5, tags: [name], extra: { [name]: -1 } };
});

it("--escape-formulas makes texts of a CSV file harmless; without it they are exact again", () =>
  atWork({ sessions }, async ({ path, done, rows }) => {
    const names = async () => (await rows("a.csv")).map(({ name }) => name);
    expect((await done("a.csv")).stderr).toContain("--escape-formulas makes them harmless.");
    expect(await names()).toEqual(SENT);

    expect((await done("a.csv", ESCAPED)).stderr).toContain("begin with an apostrophe.");
    expect(await names()).toEqual(TEXTS.map(([, harmless]) => harmless));
    const found = await rows("a.csv");
    expect(found.map(({ duration }) => duration)).toEqual(TEXTS.map(() => -5));
    expect(found[0]).toMatchObject({ tags: [first], additionalFields: { extra: { [first]: -1 } } });
    expect(found.map(({ tags }) => tags).join("\n")).toContain("shoes;'=cmd");
    const { mtimeMs } = await stat(path("a.csv"));
    await done("a.csv", ESCAPED);
    expect((await stat(path("a.csv"))).mtimeMs).toBe(mtimeMs);

    await done("a.csv");
    expect(await names()).toEqual(SENT);
  }));

it.each(["a.parquet", "-"])("--escape-formulas is refused for %s", (to) =>
  atWork({ sessions }, (place) => expectRefused(place, to, "--escape-formulas is for a .csv file.", ESCAPED)),
);
