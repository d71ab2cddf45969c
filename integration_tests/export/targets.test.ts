/** Paths that can't be exported to: a sentence that says why, exit 1, and nothing harmed. */
import { execFileSync } from "node:child_process";
import { appendFile, chmod, mkdir, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { execute, expectAll, query, rowsIn } from "./contents.ts";
import {
  atWork,
  type ExportChoice,
  expectRefused,
  recent,
  UNPRIVILEGED,
  type Workplace,
} from "./workplace.ts";

/** All that is not a database is made in the same way. */
const FORMS = ["a.duckdb", "a.csv"] as const;
const FEW = { generated: recent(120) };
const AGAIN: readonly ExportChoice[] = [{}, { args: ["--full"] }];
const OTHER_STREAM = ["--segment", "mobile-visitors", "--stream", "segment_sessions"];

/** What stands in the way, the words of the refusal, how it comes to stand there, and exports that are refused. */
type Case = readonly [
  string,
  string,
  (place: Workplace, file: string) => Promise<unknown>,
  (readonly ExportChoice[])?,
];

function expectEachRefused(file: string, cases: readonly Case[]): void {
  it.each(cases)("%s", async (_what, words, arrange, choices = [{}]) => {
    await atWork(FEW, async (place) => {
      await arrange(place, place.path(file));
      for (const choice of choices) await expectRefused(place, file, words, choice);
    });
  });
}

function store(path: string): string {
  return path.endsWith(".duckdb") ? path : `${path}.duckdb`;
}

function sql(text: string): Case[2] {
  return (_place, path) => execute(store(path), text);
}

/** What is wrong with what an export has made. */
function exported(what: Case[2]): Case[2] {
  return async (place, path) => {
    await place.done(path.endsWith(".csv") ? "a.csv" : "a.duckdb");
    await what(place, path);
  };
}

describe.each(FORMS)("%s is refused where it", (file) => {
  expectEachRefused(file, [
    ["is a folder", " is a folder. Name a file in it.", (_place, path) => mkdir(path)],
    ["is a device", " is no file. Choose another path.", (_place, path) => symlink("/dev/null", path)],
    [
      "is a named pipe",
      " is no file. Choose another path.",
      async (_place, path) => execFileSync("mkfifo", [path]),
    ],
    [
      "holds somebody's text",
      "It was left as it is; ",
      (_place, path) => writeFile(path, "name,age\r\nAda,36\r\n"),
      AGAIN,
    ],
    [
      "may not be written to",
      "can't be written: the permissions",
      exported((_place, path) => chmod(path, 0o444)),
      [{ options: { through: UNPRIVILEGED } }],
    ],
    [
      "holds the sessions of another project",
      "holds the sessions of another project",
      exported(async () => undefined),
      [{ config: { api_key: "another-key" } }, { config: { session_key_salt: "pepper" }, args: ["--full"] }],
    ],
    [
      "has a damaged database",
      "Corrupt database file",
      exported(async (_place, path) => {
        const args = ["if=/dev/zero", `of=${store(path)}`, "bs=4096", "seek=4", "count=8", "conv=notrunc"];
        execFileSync("dd", args, { stdio: "ignore" });
      }),
    ],
  ]);

  it("would stand in a folder that is missing, is a file, or may not be written to", async () => {
    await atWork(FEW, async (place) => {
      await writeFile(place.path("plain"), "text");
      await mkdir(place.path("closed"), { mode: 0o555 });
      for (const folder of ["missing", "plain"])
        await expectRefused(place, `${folder}/${file}`, `The folder ${place.path(folder)} does not exist.`);
      const choice = { options: { through: UNPRIVILEGED } };
      await expectRefused(place, `closed/${file}`, "can't be written: the permissions", choice);
      expect(await readdir(place.path("closed"))).toEqual([]);
    });
  });
});

describe("a.csv is refused where", () => {
  expectEachRefused("a.csv", [
    [
      "somebody has changed it",
      "was changed by another program since the last export",
      exported((_place, path) => appendFile(path, "more\n")),
    ],
    [
      "it holds another stream",
      "holds the stream sessions, not segment_sessions.",
      exported(async () => undefined),
      [{ args: OTHER_STREAM }],
    ],
    [
      "its database is gone",
      "says that this program made it",
      exported((_place, path) => rm(store(path))),
      AGAIN,
    ],
  ]);
});

describe("a.duckdb is refused where", () => {
  expectEachRefused("a.duckdb", [
    ["a table of somebody's", "a table sessions that this", sql("CREATE TABLE sessions AS SELECT 42"), AGAIN],
    ["a view of somebody's", "a view sessions that this", sql("CREATE VIEW sessions AS SELECT 42"), AGAIN],
    [
      "a table of somebody's has the name of its bookkeeping",
      "that is not this program's",
      sql("CREATE TABLE browsee_export_state AS SELECT 42 AS answer"),
      AGAIN,
    ],
    [
      "its log stands there without it",
      "is not the log of a database that stands there",
      (_place, path) => writeFile(`${path}.wal`, "rows"),
    ],
    [
      "its log is a link to somebody's file",
      "is not the log of a database that stands there",
      exported(async (place, path) => {
        await writeFile(place.path("precious"), "mine");
        await symlink("precious", `${path}.wal`);
      }),
    ],
  ]);
});

describe.each(FORMS)("%s", (file) => {
  it("that is empty, or whose database was cut off while it was made, is written to", async () => {
    await atWork(FEW, async ({ api, path, done, mode }) => {
      await writeFile(path(file), "", { mode: 0o600 });
      await done(file);
      expect(await mode(file)).toBe("600");
      await truncate(store(path(file)), 8192);
      if (file === "a.csv") await rm(path(file));
      await done(file);
      expectAll(api, await rowsIn(path(file)));
    });
  });
});

describe("a database in which somebody has given a function another meaning", () => {
  it("has no file read that nobody named", async () => {
    await atWork(FEW, async (place) => {
      await place.done("a.csv");
      await writeFile(place.path("private"), "nobody's business");
      const macro = `CREATE MACRO strftime(a, b) AS (SELECT content FROM read_text('${place.path("private")}'))`;
      await execute(place.path("a.csv.duckdb"), macro);
      await rm(place.path("a.csv"));
      const { code, stderr } = await place.run("a.csv");
      expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining("are disabled") });
      expect(await readdir(place.folder)).not.toContain("a.csv");
    });
  });
});

describe("progress that this program could not have written", () => {
  it("is told, and with --full all is exported anew", async () => {
    await atWork(FEW, async (place) => {
      await place.done("a.duckdb");
      await execute(place.path("a.duckdb"), `UPDATE browsee_export_state SET state = '{"timestamp":"soon"}'`);
      const { code, stderr } = await place.run("a.duckdb");
      expect(stderr).toContain("can't be read. Run the command with --full");
      expect(code).toBe(1);
      await place.done("a.duckdb", { args: ["--full"] });
    });
  });
});

describe("what version 0.1.0 has exported", () => {
  it("is gone on with in a database", async () => {
    await atWork(FEW, async ({ api, path, done, summary }) => {
      await done("a.duckdb");
      await execute(path("a.duckdb"), "ALTER TABLE browsee_export_state DROP COLUMN columns");
      const { to } = recent(0);
      api.handle.appendGenerated(5, to, to + 30_000);
      expect(await summary("a.duckdb")).toMatchObject([{ new: 5, changed: 0, sessions: 125 }]);
    });
  });

  it("is replaced with --full alone in another form", async () => {
    await atWork(FEW, async (place) => {
      await place.done("a.csv");
      const [{ project } = {}] = await query(place.path("a.csv.duckdb"), "FROM browsee_export_state");
      await rm(place.path("a.csv.duckdb"));
      const state = { stream: "sessions", project, columns: [], bytes: 1, writing: false, state: {} };
      await writeFile(place.path("a.csv.state.json"), `${JSON.stringify(state)}\n`);
      await expectRefused(place, "a.csv", "was exported by version 0.1.0");
      place.api.handle.remove({ nth: 0 });
      await place.done("a.csv", { args: ["--full"] });
      expectAll(place.api, await rowsIn(place.path("a.csv")));
      expect((await readdir(place.folder)).sort()).toEqual(["a.csv", "a.csv.duckdb", "config.json"]);
    });
  });
});
