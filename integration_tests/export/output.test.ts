/** What `export` says, and where; and what it keeps of each run in the store. */
import { readFile, writeFile } from "node:fs/promises";
import { expect, it } from "@jest/globals";
import { version } from "../../package.json";
import type { FakeApiOptions } from "../fake-api/options.ts";
import { atWork, expectRefused, FEW, jsonOf, recent } from "./workplace.ts";

const SEGMENTS = { segment_ids: ["mobile-visitors"] };
const SINCE = ["--start-date", "30d"];
const DRY = { args: [...SINCE, "--dry-run"] };
const RUNS = `SELECT * EXCLUDE (begun_at, ended_at, window_from, window_to), begun_at < ended_at AS took_time,
  window_from < window_to AND window_to <= ended_at AS has_window FROM browsee_export_runs ORDER BY begun_at`;

it("Where there is no terminal, stderr alone gets a line a stream, without escapes", () =>
  atWork({ generated: recent(1500) }, async ({ done, path }) => {
    const { lines, stderr } = await done("a.duckdb", { config: SEGMENTS });
    expect(lines).toEqual([]);
    const line = (stream: string, count: string) =>
      expect.stringMatching(
        `^${stream}: ${count} new sessions, \\d+ requests in [\\d.]+ s\\. ${count} of ${count} sessions accounted for\\. The table ${stream} in \\S+ holds ${count} sessions that started from 20\\d\\d-\\d\\d-\\d\\d to 20\\d\\d-\\d\\d-\\d\\d\\.$`,
      );
    // On a slow machine lines on how far it is go before.
    const lasting = stderr.split("\n").filter((text) => !/: \d+%, /.test(text));
    expect(lasting).toEqual([line("sessions", "1,500"), line("segment_sessions", "\\d+"), ""]);
    expect(stderr).not.toContain("\u001b");
    expect((await done("a.duckdb")).stderr).toMatch(/^sessions: nothing new, \d+ requests? in /m);
    const csv = await done("a.csv");
    expect(csv.stderr).toContain(` ${path("a.csv")} holds 1,500 sessions that started from `);
  }));

it("--json prints one object also where nothing could begin, and doesn't go with a pipe", () =>
  atWork(FEW, async (place) => {
    const { code, lines } = await place.run("missing/a.csv", { args: ["--json"] });
    expect(code).toBe(1);
    const message = `The folder ${place.path("missing")} does not exist. Create it, or choose another path.`;
    const error = { code: "target_unwritable", failure_type: "config_error", message };
    expect(jsonOf(lines)).toEqual({ status: "failed", error });
    const both = "--json and --to - both write to stdout. Leave one of them out.\n";
    expect((await place.run("-", { args: ["--json"] })).stderr).toBe(both);
  }));

it("Words from outside reach the terminal without what would have it do something", () =>
  atWork(FEW, async ({ run }) => {
    const evil = "x\u001b]0;owned\u0007\u202egnp\u009b31m\r";
    const told = await run(`${evil}.csv`);
    const wrong = await run(`missing${evil}/a.csv`);
    const segment = await run("a.csv", { args: ["--segment", evil, "--stream", "segment_sessions"] });
    expect([told.code, wrong.code, segment.code]).toEqual([0, 1, 1]);
    for (const { stderr } of [told, wrong, segment]) {
      expect(stderr).toContain("x\ufffd]0;owned");
      expect(stderr).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    }
  }));

it("The receipt of a run is what --json prints, and stands in the store for each run, however it ended", () =>
  atWork(FEW, async ({ api, path, fails, grow, query, summary, done }) => {
    const [first] = await summary("a.duckdb", { args: SINCE });
    const counts = { written: 120, new: 120, changed: 0, gone: 0, sessions: 120 };
    const receipt = { counted: 120, accounted_for: 120, answers_read_again: 0 };
    const place = { stream: "sessions", table: "sessions", file: path("a.duckdb") };
    expect(first).toMatchObject({ status: "complete", error: null, ...place, ...counts, ...receipt });
    expect([first?.["first_session"], first?.["last_session"]].map(String).sort()[0]).toMatch(/^20.*Z$/);
    grow(7);
    const when = { requests: [api.stats.requests + 2] };
    api.handle.setFaults([{ when, what: { kind: "status", status: 500 } }]);
    await fails("a.duckdb", "Browsee", { config: { retry_deadline_seconds: 0 } });
    api.handle.setFaults([]);
    expect((await done("a.duckdb")).stderr).toMatch(/\d+ of \d+ sessions accounted for\./);
    const runs = await query("a.duckdb", RUNS);
    const all = { stream: "sessions", version, took_time: true, has_window: true, answers_read_again: 0 };
    expect(runs).toMatchObject([
      { ...all, outcome: "complete", error: null, new_sessions: 120, requests: first?.["requests"] },
      { ...all, outcome: "failed", error: "api_unavailable", requests: 2 },
      { ...all, outcome: "complete", changed_sessions: 0 },
    ]);
    expect(runs.reduce((sum, each) => sum + Number(each["new_sessions"]), 0)).toBe(127);
  }));

it("The receipt of a run tells how many answers were read again because the set moved", () => {
  const generated = { count: 400, from: Date.now() - 90_000, to: Date.now() - 88_000 };
  const onRequest: FakeApiOptions["onRequest"] = (number, _request, { change }) => {
    if (number < 20) change({ nth: number }, { duration: number });
  };
  return atWork({ generated, order: "duration", onRequest }, async ({ query, summary }) => {
    const [{ accounted_for, answers_read_again } = {}] = await summary("a.duckdb");
    expect(accounted_for).toBe(400);
    expect(answers_read_again).toBeGreaterThan(0);
    const runs = await query("a.duckdb", "SELECT answers_read_again FROM browsee_export_runs");
    expect(runs).toEqual([{ answers_read_again }]);
  });
});

it("--dry-run counts what an export would ask for in two requests, and makes no file", () =>
  atWork({ generated: recent(3000) }, async ({ api, files, path, done, summary }) => {
    const { stderr } = await done("a.parquet", DRY);
    expect(stderr).toMatch(/^sessions: 3,000 sessions from 20\d\d-\d\d-\d\d to 20\d\d-\d\d-\d\d would be /);
    expect(stderr).toMatch(/; some \d\d requests, about .* s\nNothing was written\.\n$/);
    expect(api.stats.requests).toBe(2);
    const [dry] = await summary("a.parquet", DRY);
    expect(await files()).toEqual([]);
    const [wet] = await summary("a.parquet", { args: SINCE });
    expect(dry).toMatchObject({ stream: "sessions", sessions: 3000, seconds: expect.any(Number) });
    expect(Math.abs(Math.log2(Number(dry?.["requests"]) / Number(wet?.["requests"])))).toBeLessThan(1);
    const before = await readFile(path("a.parquet.duckdb"));
    const [again] = await summary("a.parquet", DRY);
    expect(again?.["sessions"]).toBeLessThan(600);
    expect((await readFile(path("a.parquet.duckdb"))).equals(before)).toBe(true);
  }));

it("--dry-run refuses what the export would refuse, and leaves it", () =>
  atWork(FEW, async (place) => {
    await place.done("b.csv");
    for (const file of ["a.csv", "b.csv"]) await writeFile(place.path(file), "name,age\r\nAda,36\r\n");
    await place.execute("c.duckdb", "CREATE TABLE sessions AS SELECT 42 AS answer");
    const requests = place.api.stats.requests;
    for (const file of ["a.csv", "b.csv", "c.duckdb"])
      for (const args of [[], ["--full"]])
        await expectRefused(place, file, "It was left as it is; ", { args: [...args, "--dry-run"] });
    expect(place.api.stats.requests).toBe(requests);
    expect(await place.files()).toEqual(["a.csv", "b.csv", "b.csv.duckdb", "c.duckdb"]);
  }));
