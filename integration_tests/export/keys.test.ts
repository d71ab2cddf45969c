/** Keys and settings without a configuration file, and what goes before what. */
import { describe, expect, it } from "@jest/globals";
import type { FakeApi } from "../fake-api/server.ts";
import { KEYS } from "../fake-api/test-client.ts";
import { expectNoSecret } from "../faults/secrets.ts";
import { inFolder } from "../input-files.ts";
import { type Run, runProgram } from "../program.ts";
import { ndjsonRows } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const ENV = { BROWSEE_API_KEY: KEYS.apiKey, BROWSEE_SECRET_KEY: KEYS.secretKey };

/** Exports to a pipe with the keys in the environment. */
async function fromEnvironment(
  { url }: Pick<FakeApi, "url">,
  args: readonly string[],
  env: Readonly<Record<string, string>> = ENV,
): Promise<Run> {
  const run = await runProgram(["export", "--api-url", url, "--to", "-", ...args], { env });
  expectNoSecret(run);
  return run;
}

describe("keys from the environment", () => {
  it("with dates of all kinds: from the start of the one to the start of the other", async () => {
    const from = Date.UTC(2024, 0, 1);
    // None starts within a minute of a bound: the program's clock is read a little later.
    const hoursAgo = [1, 11, 13, 23, 25, 6 * 24, 8 * 24, 29 * 24, 31 * 24];
    const late = hoursAgo.map((hours) => Date.now() - hours * 3_600_000);
    const all = [...Array.from({ length: 60 }, (_, day) => from + day * 86_400_000), ...late];
    await atWork({ sessions: all.map((timestamp) => ({ timestamp })) }, async ({ api }) => {
      const february = ["--start-date", "2024-02-01", "--end-date", "2024-02-03T12:30:00Z"];
      const cases: [readonly string[], number][] = [
        [[], all.length],
        [february, 3],
        [["--start-date", "12h"], 2],
        [["--start-date", "30 days ago", "--end-date", "7d"], 2],
      ];
      for (const [args, count] of cases) {
        const { code, lines } = await fromEnvironment(api, args);
        expect({ args, code, count: lines.length }).toEqual({ args, code: 0, count });
        expect(ndjsonRows(`${lines.join("\n")}\n`)).toHaveLength(count);
      }
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
      api.handle.change({ nth: 0, start: Date.now() - 14 * 86_400_000 }, { name: "late" });
      const again = await runProgram([...twice, "--json"], { env: ENV });
      expect(JSON.parse(again.lines.join())).toMatchObject({ streams: [{ new: 0, changed: 1 }] });
    });
  });

  it("that are missing: says where keys can come from", async () => {
    await atWork({ generated: recent(1) }, async ({ api }) => {
      const env = { ...ENV, BROWSEE_SECRET_KEY: "" };
      const { code, stderr, lines } = await fromEnvironment(api, [], env);
      expect({ code, lines }).toEqual({ code: 1, lines: [] });
      expect(stderr).toMatch(/^There are no keys: name a configuration with --config FILE, or set [^\n]+\n$/);
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
      expect(stderr).toContain("fields that are not known, and are ignored: start_dat. ");
      expect(stderr).toContain("The start date lies in the future");
      expect(stderr).not.toContain("hush");
      expect((await done("a.csv", { config, args: ["--quiet"] })).stderr).toBe("");
    });
  });

  it.each([
    [["--start-date", "2024-02-30"], "--start-date must be a date like 2024-01-31"],
    [["--lookback-hours", "soon"], "--lookback-hours must be a whole number from 0 to 8760."],
    [["--segment", " "], "--segment must be"],
    [["--lookback-hours="], "--lookback-hours is empty."],
    [["--to", "b.csv"], "--to is given twice."],
    [["--config", "missing.json"], "missing.json"],
    // Keys don't belong where every user of the machine can read them.
    [["--api-key", KEYS.apiKey], "Set BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment"],
    [["--secretKey", KEYS.secretKey], "Set BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment"],
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
