/** Paths that can't be exported to: a sentence that says why, exit 1, and nothing harmed. */
import { execFileSync } from "node:child_process";
import { appendFile, chmod, mkdir, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { execute } from "./contents.ts";
import {
  atWork,
  type ExportChoice,
  expectRefused,
  FEW,
  FORMS,
  storeOf,
  UNPRIVILEGED,
  type Workplace,
} from "./workplace.ts";

const AGAIN: readonly ExportChoice[] = [{}, { args: ["--full"] }];
const OTHER_STREAM = ["--segment", "mobile-visitors", "--stream", "segment_sessions"];
const PRIVILEGELESS = { options: { through: UNPRIVILEGED } };
const OTHER_PROJECTS: readonly ExportChoice[] = [
  { config: { api_key: "another-key" } },
  { config: { session_key_salt: "pepper" }, args: ["--full"] },
];

/** Puts something where an export is to go. */
type Arrange = (path: string, place: Workplace) => unknown;
/** What stands in the way, the words of the refusal, how it comes to stand there, and exports that are refused. */
type Case = readonly [string, string, Arrange, (readonly ExportChoice[])?];

const sql = (text: string) => (path: string) => execute(storeOf(path), text);

/** What is wrong with what an export has made. */
function exported(what: Arrange = () => undefined): Arrange {
  return async (path, place) => {
    await place.done(path.endsWith(".csv") ? "a.csv" : "a.duckdb");
    await what(path, place);
  };
}

function damage(path: string): void {
  const args = ["if=/dev/zero", `of=${storeOf(path)}`, "bs=4096", "seek=4", "count=8", "conv=notrunc"];
  execFileSync("dd", args, { stdio: "ignore" });
}

async function linkLog(path: string, place: Workplace): Promise<void> {
  await writeFile(place.path("precious"), "mine");
  await symlink("precious", `${path}.wal`);
}

const NO_FILE = " is no file. Choose another path.";
const ANOTHERS = "holds the sessions of another project";
const NO_LOG = "is not the log of a database that stands there";
const CHANGED = "was changed by another program since the last export";

const EITHER: readonly Case[] = [
  ["is a folder", " is a folder. Name a file in it.", (path) => mkdir(path)],
  ["is a device", NO_FILE, (path) => symlink("/dev/null", path)],
  ["is a named pipe", NO_FILE, (path) => execFileSync("mkfifo", [path])],
  [
    "holds somebody's text",
    "It was left as it is; ",
    (path) => writeFile(path, "name,age\r\nAda,36\r\n"),
    AGAIN,
  ],
  [
    "is read-only",
    "can't be written: the permissions",
    exported((path) => chmod(path, 0o444)),
    [PRIVILEGELESS],
  ],
  ["holds another project's sessions", ANOTHERS, exported(), OTHER_PROJECTS],
  ["has a damaged database", "Corrupt database file", exported(damage)],
];
const COPY: readonly Case[] = [
  ["has been changed by somebody", CHANGED, exported((path) => appendFile(path, "more\n"))],
  [
    "holds another stream",
    "holds the stream sessions, not segment_sessions.",
    exported(),
    [{ args: OTHER_STREAM }],
  ],
  ["has lost its database", "says that this program made it", exported((path) => rm(storeOf(path))), AGAIN],
];
const DATABASE: readonly Case[] = [
  [
    "has a table of somebody's",
    "a table sessions that this",
    sql("CREATE TABLE sessions AS SELECT 42"),
    AGAIN,
  ],
  ["has a view of somebody's", "a view sessions that this", sql("CREATE VIEW sessions AS SELECT 42"), AGAIN],
  ...["state", "runs"].map((name): Case => {
    const table = `browsee_export_${name}`;
    const arrange = sql(`CREATE TABLE ${table} AS SELECT 42 AS answer`);
    return [`has somebody's table ${table}`, "that is not this program's", arrange, AGAIN];
  }),
  ["has a log and no database", NO_LOG, (path) => writeFile(`${path}.wal`, "rows")],
  ["has a log that is a link to somebody's file", NO_LOG, exported(linkLog)],
];

describe.each([
  ["a.duckdb", [...EITHER, ...DATABASE]],
  ["a.csv", [...EITHER, ...COPY]],
])("%s is refused where it", (file, cases) => {
  it.each(cases)("%s", (_what, words, arrange, choices = [{}]) =>
    atWork(FEW, async (place) => {
      await arrange(place.path(file), place);
      for (const choice of choices) await expectRefused(place, file, words, choice);
    }),
  );

  it("would stand in a folder that is missing, is a file, or may not be written to", () =>
    atWork(FEW, async (place) => {
      await writeFile(place.path("plain"), "text");
      await mkdir(place.path("closed"), { mode: 0o555 });
      for (const folder of ["missing", "plain"])
        await expectRefused(place, `${folder}/${file}`, `The folder ${place.path(folder)} does not exist.`);
      await expectRefused(place, `closed/${file}`, "can't be written: the permissions", PRIVILEGELESS);
      expect(await readdir(place.path("closed"))).toEqual([]);
    }));
});

describe.each(FORMS)("%s", (file) => {
  it("that is empty, or whose database was cut off while it was made, is written to", () =>
    atWork(FEW, async ({ path, done, mode, whole }) => {
      await writeFile(path(file), "", { mode: 0o600 });
      await done(file);
      expect(await mode(file)).toBe("600");
      await truncate(storeOf(path(file)), 8192);
      if (file === "a.csv") await rm(path(file));
      await done(file);
      await whole(file);
    }));
});

describe("a database", () => {
  it("in which somebody has given a function another meaning has no file read that nobody named", () =>
    atWork(FEW, async ({ path, done, execute, fails, files }) => {
      await done("a.csv");
      await writeFile(path("private"), "nobody's business");
      const content = `SELECT content FROM read_text('${path("private")}')`;
      await execute("a.csv.duckdb", `CREATE MACRO strftime(a, b) AS (${content})`);
      await rm(path("a.csv"));
      await fails("a.csv", "are disabled");
      expect(await files()).not.toContain("a.csv");
    }));

  it("with progress that this program could not have written is told, and with --full exported anew", () =>
    atWork(FEW, async ({ done, execute, fails }) => {
      await done("a.duckdb");
      await execute("a.duckdb", `UPDATE browsee_export_state SET state = '{"timestamp":"soon"}'`);
      await fails("a.duckdb", "can't be read. Run the command with --full");
      await done("a.duckdb", { args: ["--full"] });
    }));
});

describe("what version 0.1.0 has exported", () => {
  it("is gone on with in a database", () =>
    atWork(FEW, async ({ done, execute, grow, summary }) => {
      await done("a.duckdb");
      await execute("a.duckdb", "ALTER TABLE browsee_export_state DROP COLUMN columns");
      grow(5);
      expect(await summary("a.duckdb")).toMatchObject([{ new: 5, changed: 0, sessions: 125 }]);
    }));

  it("is replaced with --full alone in another form", () =>
    atWork(FEW, async (place) => {
      await place.done("a.csv");
      const [{ project } = {}] = await place.query("a.csv.duckdb", "FROM browsee_export_state");
      await rm(place.path("a.csv.duckdb"));
      const state = { stream: "sessions", project, columns: [], bytes: 1, writing: false, state: {} };
      await writeFile(place.path("a.csv.state.json"), `${JSON.stringify(state)}\n`);
      await expectRefused(place, "a.csv", "was exported by version 0.1.0");
      place.api.handle.remove({ nth: 0 });
      await place.done("a.csv", { args: ["--full"] });
      await place.whole("a.csv");
      expect(await place.files()).toEqual(["a.csv", "a.csv.duckdb"]);
    }));
});
