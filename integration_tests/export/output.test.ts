/** What `export` says, and where. */
import { describe, expect, it } from "@jest/globals";
import { configFor } from "../connector.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { runProgram } from "../program.ts";
import { atWork, recent } from "./workplace.ts";

const SEGMENTS = { segment_ids: ["mobile-visitors"] };

describe("not on a terminal", () => {
  it("a line a stream, on stderr alone, without escapes", async () => {
    await atWork({ generated: recent(1500) }, async ({ done, path }) => {
      const { lines, stderr } = await done("a.duckdb", { config: SEGMENTS });
      expect(lines).toEqual([]);
      expect(stderr.split("\n")).toEqual([
        expect.stringMatching(
          /^sessions: 1,500 new sessions, \d+ requests in \d+(\.\d)? s\. 1,500 of 1,500 sessions accounted for\. The table sessions in /,
        ),
        expect.stringMatching(
          /^segment_sessions: (\d+) new sessions, \d+ requests in \d+(\.\d)? s\. \1 of \1 sessions accounted for\. The table segment_sessions in /,
        ),
        "",
      ]);
      expect(stderr).toMatch(
        / holds 1,500 sessions that started from 20\d\d-\d\d-\d\d to 20\d\d-\d\d-\d\d\.\n/,
      );
      expect(stderr).not.toContain("\u001b");
      const again = await done("a.duckdb");
      expect(again.stderr).toMatch(/^sessions: nothing new, \d+ requests? in /);
      const csv = await done("a.csv");
      expect(csv.stderr).toContain(` ${path("a.csv")} holds 1,500 sessions that started from `);
    });
  });

  it("nothing of a pipe whose reader got no session", async () => {
    await atWork({ sessions: [] }, async ({ done }) => {
      expect((await done("-")).stderr).toMatch(/^sessions: nothing new, 1 request in \d\.\d s\.\n$/);
    });
  });
});

describe("--quiet", () => {
  it("says nothing where all is well, and errors where it is not", async () => {
    await atWork({ generated: recent(150) }, async ({ done, run }) => {
      for (const file of ["a.duckdb", "a.parquet", "a.csv", "a.ndjson"]) {
        const { lines, stderr } = await done(file, { args: ["--quiet"] });
        expect({ lines, stderr }).toEqual({ lines: [], stderr: "" });
      }
      const { code, stderr } = await run("missing/a.csv", { args: ["--quiet"] });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^The folder .* does not exist\. Create it, or choose another path\.\n$/);
    });
  });
});

describe("--json", () => {
  it("prints one object about all streams", async () => {
    await atWork({ generated: recent(500) }, async ({ done, path }) => {
      const { lines } = await done("a.duckdb", { args: ["--json"], config: SEGMENTS });
      expect(lines).toHaveLength(1);
      const summary: unknown = JSON.parse(lines.join());
      const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      const common = {
        status: "complete",
        file: path("a.duckdb"),
        counted: expect.any(Number),
        accounted_for: expect.any(Number),
        answers_read_again: 0,
        changed: 0,
        gone: 0,
        first_session: time,
        last_session: time,
        requests: expect.any(Number),
        seconds: expect.any(Number),
        error: null,
      };
      expect(summary).toEqual({
        status: "complete",
        seconds: expect.any(Number),
        requests: expect.any(Number),
        streams: [
          { ...common, stream: "sessions", table: "sessions", written: 500, new: 500, sessions: 500 },
          {
            ...common,
            stream: "segment_sessions",
            table: "segment_sessions",
            written: expect.any(Number),
            new: expect.any(Number),
            sessions: expect.any(Number),
          },
        ],
      });
    });
  });

  it("with --quiet prints it too, and nothing else anywhere", async () => {
    await atWork({ generated: recent(50) }, async ({ done }) => {
      const { lines, stderr } = await done("a.csv", { args: ["--json", "--quiet"] });
      expect(lines).toHaveLength(1);
      expect(stderr).toBe("");
    });
  });

  it("prints one object where nothing could begin as well", async () => {
    await atWork({ generated: recent(50) }, async ({ run, path }) => {
      const { code, lines } = await run("missing/a.csv", { args: ["--json"] });
      expect(code).toBe(1);
      expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
        {
          status: "failed",
          error: {
            code: "target_unwritable",
            failure_type: "config_error",
            message: `The folder ${path("missing")} does not exist. Create it, or choose another path.`,
          },
        },
      ]);
    });
  });

  it("and a pipe don't go together", async () => {
    await atWork({ generated: recent(50) }, async ({ run }) => {
      const { code, stderr } = await run("-", { args: ["--json"] });
      expect(code).toBe(1);
      expect(stderr).toBe("--json and --to - both write to stdout. Leave one of them out.\n");
    });
  });
});

describe("words from outside", () => {
  it("reach the terminal without what would have it do something", async () => {
    await atWork({ generated: recent(5) }, async ({ run, folder, done, path }) => {
      const evil = "x\u001b]0;owned\u0007\u202egnp\u009b31m\r";
      await done(`${evil}.csv`);
      const told = await run(`${evil}.csv`);
      const wrong = await run(`missing${evil}/a.csv`);
      const segment = await run("a.csv", { args: ["--segment", evil, "--stream", "segment_sessions"] });
      expect([told.code, wrong.code, segment.code]).toEqual([0, 1, 1]);
      for (const { stderr } of [told, wrong, segment]) {
        expect(stderr).toContain("x\ufffd]0;owned");
        expect(stderr).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
      }
      expect(path("")).toContain(folder);
    });
  });
});

describe("a path that is no form", () => {
  it.each(["sessions", "sessions.txt", ".csv", "folder/.duckdb", "sessions.duckdb/", "md:sessions"])(
    "%s is refused",
    async (to) => {
      await inFolder(async (folder) => {
        const args = await writeInputFiles(folder, { config: configFor({ url: "http://127.0.0.1:9" }) });
        const { code, lines, stderr } = await runProgram(["export", ...args, "--to", to], { cwd: folder });
        expect({ code, lines }).toEqual({ code: 1, lines: [] });
        expect(stderr).toBe(
          `--to ${to}: the path must end in .duckdb, .parquet, .csv, .ndjson or .jsonl, or be - for stdout.\n`,
        );
      });
    },
  );
});
