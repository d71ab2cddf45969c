/** What an export says of itself: in its summary, and for each run in the store. */
import { describe, expect, it } from "@jest/globals";
import { version } from "../../package.json";
import type { FakeApiOptions } from "../fake-api/options.ts";
import { execute, query } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const COUNT = 1000;
const RUNS = `SELECT * EXCLUDE (begun_at, ended_at, window_from, window_to), begun_at < ended_at AS took_time,
  window_from < window_to AND window_to <= ended_at AS has_window FROM browsee_export_runs ORDER BY begun_at`;

describe("the receipt of a run", () => {
  it("stands in the summary, and in the store for each run, however it ended", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, path, run, summary, done }) => {
      const [first] = await summary("a.duckdb", { args: ["--start-date", "30d"] });
      expect(first).toMatchObject({ counted: COUNT, accounted_for: COUNT, answers_read_again: 0 });
      const { to } = recent(0);
      api.handle.appendGenerated(7, to, to + 30_000);
      const when = { requests: [api.stats.requests + 2] };
      api.handle.setFaults([{ when, what: { kind: "status", status: 500 } }]);
      const failed = await run("a.duckdb", { config: { retry_deadline_seconds: 0 } });
      expect(failed.code).toBe(1);
      api.handle.setFaults([]);
      const { stderr } = await done("a.duckdb");
      expect(stderr).toMatch(/\d+ of \d+ sessions accounted for\./);
      const runs = await query(path("a.duckdb"), RUNS);
      const all = { stream: "sessions", version, took_time: true, has_window: true, answers_read_again: 0 };
      expect(runs).toMatchObject([
        { ...all, outcome: "complete", error: null, new_sessions: COUNT, requests: first?.["requests"] },
        { ...all, outcome: "failed", error: "api_unavailable", requests: 2 },
        { ...all, outcome: "complete", changed_sessions: 0 },
      ]);
      expect(runs.reduce((sum, each) => sum + Number(each["new_sessions"]), 0)).toBe(COUNT + 7);
    });
  });

  it("tells how many answers were read again because the set moved", async () => {
    const generated = { count: 400, from: Date.now() - 90_000, to: Date.now() - 88_000 };
    const onRequest: FakeApiOptions["onRequest"] = (number, _request, { change }) => {
      if (number < 20) change({ nth: number }, { duration: number });
    };
    await atWork({ generated, order: "duration", onRequest }, async ({ path, summary }) => {
      const [stream] = await summary("a.duckdb");
      expect(stream?.["accounted_for"]).toBe(400);
      expect(stream?.["answers_read_again"]).toBeGreaterThan(0);
      const runs = await query(path("a.duckdb"), "SELECT answers_read_again FROM browsee_export_runs");
      expect(runs).toEqual([{ answers_read_again: stream?.["answers_read_again"] }]);
    });
  });

  it("leaves a table of the user's with that name alone", async () => {
    await atWork({ generated: recent(3) }, async ({ path, run }) => {
      await execute(path("a.duckdb"), "CREATE TABLE browsee_export_runs AS SELECT 42 AS mine");
      const { code, lines } = await run("a.duckdb", { args: ["--json"] });
      expect(code).toBe(1);
      expect(lines.join()).toContain('"target_unusable"');
      expect(await query(path("a.duckdb"), "SHOW TABLES")).toEqual([{ name: "browsee_export_runs" }]);
      expect(await query(path("a.duckdb"), "FROM browsee_export_runs")).toEqual([{ mine: 42 }]);
    });
  });
});
