/** Keys and settings without a configuration file, and what is wrong with them. */
import { expect, it } from "@jest/globals";
import { KEYS } from "../fake-api/test-client.ts";
import { expectNoSecret } from "../faults/secrets.ts";
import { runProgram } from "../program.ts";
import { ndjsonRows } from "./contents.ts";
import { atWork, FEW, type Workplace } from "./workplace.ts";

const ENV = { BROWSEE_API_KEY: KEYS.apiKey, BROWSEE_SECRET_KEY: KEYS.secretKey };
const IN_ENVIRONMENT = "Set BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment";

/** Exports to a pipe with the keys in the environment. */
async function fromEnvironment({ api, folder }: Workplace, args: readonly string[], more?: object) {
  const options = { env: { ...ENV, ...more }, cwd: folder };
  const run = await runProgram(["export", "--api-url", api.url, "--to", "-", ...args], options);
  expectNoSecret(run);
  return run;
}

it("Keys from the environment, and dates of all kinds, bring what started from the one to before the other", () => {
  const from = Date.UTC(2024, 0, 1);
  // None starts within a minute of a bound: the program's clock is read a little later.
  const hoursAgo = [1, 11, 13, 23, 25, 6 * 24, 8 * 24, 29 * 24, 31 * 24];
  const late = hoursAgo.map((hours) => Date.now() - hours * 3_600_000);
  const all = [...Array.from({ length: 60 }, (_, day) => from + day * 86_400_000), ...late];
  return atWork({ sessions: all.map((timestamp) => ({ timestamp })) }, async (place) => {
    for (const [args, count] of [
      [[], all.length],
      [["--start-date", "2024-02-01", "--end-date", "2024-02-03T12:30:00Z"], 3],
      [["--start-date", "12h"], 2],
      [["--start-date", "30 days ago", "--end-date", "7d"], 2],
    ] as const) {
      const { code, lines } = await fromEnvironment(place, args);
      const rows = ndjsonRows(`${lines.join("\n")}\n`).length;
      expect({ args, code, rows }).toEqual({ args, code: 0, rows: count });
    }
  });
});

it("--lookback-hours chooses how far back an export looks", () =>
  atWork(FEW, async ({ api, summary }) => {
    const args = ["--lookback-hours", "480"];
    await summary("a.duckdb", { args });
    // Two weeks back: far beyond the usual lookback.
    api.handle.change({ nth: 0, start: Date.now() - 14 * 86_400_000 }, { name: "late" });
    expect(await summary("a.duckdb")).toMatchObject([{ new: 0, changed: 0 }]);
    expect(await summary("a.duckdb", { args })).toMatchObject([{ new: 0, changed: 1 }]);
  }));

it("Fields of the file that are not known are named once, not with --quiet, never by their values", () =>
  atWork(FEW, async ({ done }) => {
    const config = { start_dat: "hush", start_date: "2999-01-01" };
    const { stderr } = await done("a.csv", { config });
    expect(stderr).toContain("fields that are not known, and are ignored: start_dat. ");
    expect(stderr).toContain("The start date lies in the future");
    expect(stderr).not.toContain("hush");
    expect((await done("a.csv", { config, args: ["--quiet"] })).stderr).toBe("");
  }));

it.each([
  [[], "There are no keys: name a configuration with --config FILE, or set ", { BROWSEE_SECRET_KEY: "" }],
  [["--start-date", "2024-02-30"], "--start-date must be a date like 2024-01-31"],
  [["--lookback-hours", "soon"], "--lookback-hours must be a whole number from 0 to 8760."],
  [["--segment", " "], "--segment must be"],
  [["--lookback-hours="], "--lookback-hours is empty."],
  [["--config", "missing.json"], "missing.json"],
  // Keys don't belong where every user of the machine can read them.
  [["--api-key", KEYS.apiKey], IN_ENVIRONMENT],
  [["--secretKey", KEYS.secretKey], IN_ENVIRONMENT],
])("Wrong options and missing keys are told in a sentence: %j", (args, words, env: object = {}) =>
  atWork(FEW, async (place) => {
    const run = await fromEnvironment(place, args, env);
    expect(run).toMatchObject({ code: 1, lines: [], stderr: expect.stringContaining(words) });
    expect(run.stderr.trim().split("\n")).toHaveLength(1);
    expect(place.api.stats.requests).toBe(0);
  }),
);
