/** What `export` says, and where. */
import { describe, expect, it } from "@jest/globals";
import { configFor } from "../connector.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { runProgram } from "../program.ts";
import { atWork, expectRefused, recent } from "./workplace.ts";

const SEGMENTS = { segment_ids: ["mobile-visitors"] };

describe("not on a terminal", () => {
  it("a line a stream, on stderr alone, without escapes", async () => {
    await atWork({ generated: recent(1500) }, async ({ done, path }) => {
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
    });
  });

  it("nothing of a pipe whose reader got no session", async () => {
    await atWork({ sessions: [] }, async ({ done }) => {
      expect((await done("-")).stderr).toMatch(/^sessions: nothing new, 1 request in [\d.]+ s\..*\n$/);
    });
  });
});

describe("--quiet", () => {
  it("says nothing where all is well, and errors where it is not", async () => {
    await atWork({ generated: recent(150) }, async (place) => {
      for (const file of ["a.duckdb", "a.csv"]) {
        const { lines, stderr } = await place.done(file, { args: ["--quiet"] });
        expect({ lines, stderr }).toEqual({ lines: [], stderr: "" });
      }
      await expectRefused(place, "missing/a.csv", "does not exist.");
    });
  });
});

describe("--json", () => {
  it("prints one object about all streams", async () => {
    await atWork({ generated: recent(500) }, async ({ summary, path }) => {
      const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const number = expect.any(Number);
      const common = { status: "complete", file: path("a.duckdb"), changed: 0, gone: 0, error: null };
      const counted = {
        counted: number,
        accounted_for: number,
        answers_read_again: 0,
        first_session: time,
        last_session: time,
        requests: number,
        seconds: number,
      };
      const all = { written: 500, new: 500, sessions: 500 };
      const some = { written: number, new: number, sessions: number };
      expect(await summary("a.duckdb", { config: SEGMENTS })).toMatchObject([
        { ...common, ...counted, ...all, stream: "sessions", table: "sessions" },
        { ...common, ...counted, ...some, stream: "segment_sessions", table: "segment_sessions" },
      ]);
    });
  });

  it("prints one object where nothing could begin as well, and doesn't go with a pipe", async () => {
    await atWork({ generated: recent(50) }, async (place) => {
      const { code, lines } = await place.run("missing/a.csv", { args: ["--json"] });
      expect(code).toBe(1);
      const message = `The folder ${place.path("missing")} does not exist. Create it, or choose another path.`;
      const error = { code: "target_unwritable", failure_type: "config_error", message };
      expect(lines.map((line): unknown => JSON.parse(line))).toEqual([{ status: "failed", error }]);
      const pipe = await place.run("-", { args: ["--json"] });
      expect(pipe.stderr).toBe("--json and --to - both write to stdout. Leave one of them out.\n");
    });
  });
});

describe("words from outside", () => {
  it("reach the terminal without what would have it do something", async () => {
    await atWork({ generated: recent(5) }, async ({ run }) => {
      const evil = "x\u001b]0;owned\u0007\u202egnp\u009b31m\r";
      const told = await run(`${evil}.csv`);
      const wrong = await run(`missing${evil}/a.csv`);
      const segment = await run("a.csv", { args: ["--segment", evil, "--stream", "segment_sessions"] });
      expect([told.code, wrong.code, segment.code]).toEqual([0, 1, 1]);
      for (const { stderr } of [told, wrong, segment]) {
        expect(stderr).toContain("x\ufffd]0;owned");
        expect(stderr).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
      }
    });
  });
});

describe("a path that is no form", () => {
  it("is refused", async () => {
    await inFolder(async (folder) => {
      const args = await writeInputFiles(folder, { config: configFor({ url: "http://127.0.0.1:9" }) });
      const run = await runProgram(["export", ...args, "--to", "sessions.txt"], { cwd: folder });
      const stderr =
        "--to sessions.txt: the path must end in .duckdb, .parquet, .csv, .ndjson or .jsonl, or be - for stdout.\n";
      expect(run).toMatchObject({ code: 1, lines: [], stderr });
    });
  });
});
