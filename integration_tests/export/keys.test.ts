/** Keys and settings without a configuration file, and what goes before what. */
import { describe, expect, it } from "@jest/globals";
import type { FakeApi } from "../fake-api/server.ts";
import { KEYS } from "../fake-api/test-client.ts";
import { expectNoSecret } from "../faults/secrets.ts";
import { inFolder } from "../input-files.ts";
import { type Run, runProgram } from "../program.ts";
import { ndjsonRows } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const DAY_MS = 86_400_000;
const ENV = { BROWSEE_API_KEY: KEYS.apiKey, BROWSEE_SECRET_KEY: KEYS.secretKey };

/** Exports to a pipe with the keys in the environment. */
async function fromEnvironment(
  api: Pick<FakeApi, "url">,
  args: readonly string[],
  env: Readonly<Record<string, string>> = ENV,
): Promise<Run> {
  const run = await runProgram(["export", "--api-url", api.url, "--to", "-", ...args], { env });
  expectNoSecret(run);
  return run;
}

function starts({ lines }: Run): readonly number[] {
  const rows = lines.length === 0 ? [] : ndjsonRows(`${lines.join("\n")}\n`);
  return rows.map(({ timestamp }) => Number(timestamp)).sort((one, other) => one - other);
}

function truth(api: FakeApi, from: number, to: number): readonly number[] {
  const all = [...api.handle.truth()].map(({ row }): { timestamp?: unknown } => Object(row));
  const within = all.map(({ timestamp }) => Number(timestamp)).filter((at) => at >= from && at < to);
  return within.sort((one, other) => one - other);
}

describe("keys from the environment", () => {
  it("with dates: from the start of the one to the start of the other", async () => {
    const from = Date.UTC(2024, 0, 1);
    await atWork({ generated: { count: 900, from, to: from + 90 * DAY_MS } }, async ({ api }) => {
      const all = await fromEnvironment(api, []);
      expect(all.code).toBe(0);
      expect(starts(all)).toEqual(truth(api, 0, Number.POSITIVE_INFINITY));
      const february = await fromEnvironment(api, ["--start-date", "2024-02-01", "--end-date", "2024-03-01"]);
      expect(february.code).toBe(0);
      expect(starts(february)).toEqual(truth(api, Date.UTC(2024, 1, 1), Date.UTC(2024, 2, 1)));
      const times = ["--start-date", "2024-02-01T12:30:00Z", "--end-date", "2024-02-02T00:00:01Z"];
      const some = await fromEnvironment(api, times);
      expect(starts(some)).toEqual(truth(api, Date.UTC(2024, 1, 1, 12, 30), Date.UTC(2024, 1, 2, 0, 0, 1)));
    });
  });

  it("with times ago, as people say them", async () => {
    // None starts within a minute of a bound: the program's clock is read a little later.
    const now = Date.now();
    const hoursAgo = [1, 11, 13, 23, 25, 6 * 24, 8 * 24, 29 * 24, 31 * 24];
    const sessions = hoursAgo.map((hours) => ({ timestamp: now - hours * 3_600_000 }));
    await atWork({ sessions }, async ({ api }) => {
      const counts: Record<string, number> = { "12h": 2, "1 day": 4, "7d": 6, "1w": 6, "30 days ago": 8 };
      for (const [ago, count] of Object.entries(counts))
        expect([ago, starts(await fromEnvironment(api, ["--start-date", ago])).length]).toEqual([ago, count]);
      const between = ["--start-date", "30 days", "--end-date", "7d"];
      expect(starts(await fromEnvironment(api, between)).length).toBe(2);
    });
  });

  it("with segments and lookback", async () => {
    await atWork({ generated: recent(300) }, async ({ api, path }) => {
      const args = ["--segment", "from-campaigns", "--stream", "segment_sessions"];
      const { lines, code } = await fromEnvironment(api, args);
      expect(code).toBe(0);
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.every((line) => line.includes('"segmentId":"from-campaigns"'))).toBe(true);

      const twice = ["export", "--api-url", api.url, "--to", path("a.duckdb"), "--lookback-hours", "480"];
      await runProgram(twice, { env: ENV });
      // Two weeks back: far beyond the usual lookback.
      api.handle.change({ nth: 0, start: Date.now() - 14 * DAY_MS }, { name: "late" });
      const again = await runProgram([...twice, "--json"], { env: ENV });
      expect(JSON.parse(again.lines.join())).toMatchObject({ streams: [{ new: 0, changed: 1 }] });
    });
  });

  it.each([
    ["both missing", {}],
    ["one missing", { BROWSEE_API_KEY: KEYS.apiKey }],
    ["one empty", { ...ENV, BROWSEE_SECRET_KEY: "" }],
  ])("%s: says where keys can come from", async (_what, env) => {
    await atWork({ generated: recent(1) }, async ({ api }) => {
      const { code, stderr, lines } = await fromEnvironment(api, [], env);
      expect({ code, lines }).toEqual({ code: 1, lines: [] });
      expect(stderr).toBe(
        "There are no keys: name a configuration with --config FILE, or set BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment.\n",
      );
      expect(api.stats.requests).toBe(0);
    });
  });

  it("fill in for a file that has none, and give way to one that has", async () => {
    await atWork({ generated: recent(50) }, async ({ done }) => {
      const none = { api_key: undefined, secret_key: undefined };
      await done("a.csv", { config: none, options: { env: ENV } });
      const others = { BROWSEE_API_KEY: "another-key-111", BROWSEE_SECRET_KEY: "another-secret-222" };
      await done("a.csv", { options: { env: others } });
    });
  });
});

describe("options of the command line", () => {
  it("go before the configuration file", async () => {
    await atWork({ generated: recent(200) }, async ({ summary }) => {
      const config = { start_date: "2015-01-01T00:00:00Z", end_date: "2016-01-01T00:00:00Z" };
      expect(await summary("a.csv", { config })).toMatchObject([{ written: 0 }]);
      const args = ["--end-date", new Date().toISOString().slice(0, 10)];
      expect(await summary("b.csv", { config, args })).not.toMatchObject([{ written: 0 }]);
    });
  });

  it("that are none of the file's fields are named once, not with --quiet, never by their values", async () => {
    await atWork({ generated: recent(5) }, async ({ done }) => {
      const config = { start_dat: "hush", start_date: "2999-01-01" };
      const { stderr } = await done("a.csv", { config });
      expect(stderr).toContain(
        "the configuration has fields that are not known, and are ignored: start_dat. Compare them with the documentation.\n",
      );
      expect(stderr).toContain("The start date lies in the future");
      expect(stderr).not.toContain("hush");
      expect((await done("a.csv", { config, args: ["--quiet"] })).stderr).toBe("");
    });
  });

  it.each(["--api-key", "--api_key", "--secret-key", "--secret_key", "--apiKey", "--secretKey"])(
    "%s is none: keys don't belong where every user of the machine can read them",
    async (option) => {
      await inFolder(async (folder) => {
        const args = ["export", "--to", "a.csv", option, KEYS.secretKey];
        const run = await runProgram(args, { cwd: folder, env: ENV });
        expect(run).toMatchObject({ code: 1, lines: [] });
        expect(run.stderr).toContain("Set BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment");
        expect(run.stderr).not.toContain(KEYS.secretKey.slice(-8));
      });
    },
  );

  it.each([
    [["--start-date", ""], "--start-date is empty."],
    [["--lookback-hours="], "--lookback-hours is empty."],
    [["--start-date", "2024-02-30"], "--start-date must be a date like 2024-01-31"],
    [["--end-date", "7"], "--end-date must be a date like 2024-01-31"],
    [["--start-date", "12M"], "--start-date must be a date like 2024-01-31"],
    [["--end-date", "2014-12-31"], "--end-date must be later than --start-date."],
    [["--lookback-hours", "soon"], "--lookback-hours must be a whole number from 0 to 8760."],
    [["--lookback-hours", "-1"], "--lookback-hours must be a whole number from 0 to 8760."],
    [["--segment", " "], "--segment must be"],
    [["--to", "b.csv"], "--to is given twice."],
    [["--config"], "--config needs a value."],
    [["--config", "missing.json"], "missing.json"],
    [["--verbose"], "There is no option --verbose."],
  ])("%j is refused with a sentence", async (args, words) => {
    await inFolder(async (folder) => {
      const run = await runProgram(["export", "--to", "a.csv", ...args], { cwd: folder, env: ENV });
      expect(run).toMatchObject({ code: 1, lines: [] });
      expect(run.stderr).toContain(words);
      expect(run.stderr.trim().split("\n")).toHaveLength(1);
      expectNoSecret(run);
    });
  });
});
