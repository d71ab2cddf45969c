/** Paths that can't be exported to: a sentence that says why, exit 1, and nothing harmed. */
import { execFileSync } from "node:child_process";
import { appendFile, chmod, mkdir, readdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { execute } from "./contents.ts";
import { atWork, type ExportChoice, expectRefused, FEW, storeOf, UNPRIVILEGED } from "./workplace.ts";

const AGAIN: readonly ExportChoice[] = [{}, { args: ["--full"] }];
const OTHER_STREAM = { args: ["--segment", "mobile-visitors", "--stream", "segment_sessions"] };
const OTHER_PROJECTS: readonly ExportChoice[] = [
  { config: { api_key: "another-key" } },
  { config: { session_key_salt: "pepper" }, args: ["--full"] },
];

/** That version kept two more columns, and not the names of those that it had brought. */
const AS_OF_0_1_0 = `
  ALTER TABLE browsee_export_state ADD COLUMN stream VARCHAR DEFAULT 'sessions';
  ALTER TABLE browsee_export_state ADD COLUMN updated_at TIMESTAMPTZ DEFAULT now();
  UPDATE browsee_export_state SET state = json_merge_patch(state, '{"columns": null}')`;

/** Puts something where an export is to go. */
type Arrange = (path: string) => unknown;
/** What stands in the way, the words of the refusal, how it comes to stand there, and exports that are refused. */
type Case = readonly [string, string, Arrange, (readonly ExportChoice[])?];

const sql = (text: string) => (path: string) => execute(storeOf(path), text);

function damage(path: string): void {
  const args = ["if=/dev/zero", `of=${storeOf(path)}`, "bs=4096", "seek=4", "count=8", "conv=notrunc"];
  execFileSync("dd", args, { stdio: "ignore" });
}

async function linkLog(path: string): Promise<void> {
  await writeFile(`${path}.precious`, "mine");
  await symlink(`${path}.precious`, `${path}.wal`);
}

const LEFT = "It was left as it is; ";
const NO_FILE = " is no file. Choose another path.";
const ANOTHERS = "holds the sessions of another project";
const NO_LOG = "is not the log of a database that stands there";
const CHANGED = "was changed by another program since the last export";
const STREAM = "holds the stream sessions, not segment_sessions.";
const NO_RIGHT = "can't be written: the permissions";

/** What stands where nothing was exported. */
const BEFORE: readonly Case[] = [
  ["is a folder", " is a folder. Name a file in it.", (path) => mkdir(path)],
  ["is a device", NO_FILE, (path) => symlink("/dev/null", path)],
  ["is a named pipe", NO_FILE, (path) => execFileSync("mkfifo", [path])],
  ["holds somebody's text", LEFT, (path) => writeFile(path, "name,age\r\nAda,36\r\n"), AGAIN],
];
/** What is wrong with what an export has made. */
const AFTER: readonly Case[] = [
  ["is read-only", NO_RIGHT, (path) => chmod(path, 0o444), [UNPRIVILEGED]],
  ["holds another project's sessions", ANOTHERS, () => undefined, OTHER_PROJECTS],
  ["has a damaged database", "Corrupt database file", damage],
];
const COPY: readonly Case[] = [
  ["has been changed by somebody", CHANGED, (path) => appendFile(path, "more\n")],
  ["holds another stream", STREAM, () => undefined, [OTHER_STREAM]],
  ["has lost its database", "says that this program made it", (path) => rm(storeOf(path)), AGAIN],
];
const DATABASE: readonly Case[] = [
  ["has somebody's view", "a view sessions that this", sql("CREATE VIEW sessions AS SELECT 42"), AGAIN],
  ["has somebody's table", "a table sessions that this", sql("CREATE TABLE sessions AS SELECT 42"), AGAIN],
  [
    "has somebody's table in the place of one of several streams",
    "a table segment_sessions that this",
    sql("CREATE TABLE segment_sessions AS SELECT 42"),
    [{ args: ["--segment", "mobile-visitors"] }],
  ],
  ...["state", "files", "runs"].map(
    (name): Case => [
      `has somebody's table where this program keeps its ${name}`,
      "DuckDB can't work with",
      sql(`CREATE TABLE browsee_export_${name} AS SELECT 42 AS answer`),
      AGAIN,
    ],
  ),
  ["has a log and no database", NO_LOG, (path) => writeFile(`${path}.wal`, "rows")],
];
const LINKED: Case = ["has a log that is a link to somebody's file", NO_LOG, linkLog];

describe.each([
  ["a.duckdb", [...BEFORE, ...DATABASE], [...AFTER, LINKED]],
  ["a.csv", BEFORE, [...AFTER, ...COPY]],
])("%s", (file, before, after) => {
  it.each([...before, ...after])("is refused where it %s", (what, words, arrange, choices = [{}]) =>
    atWork(FEW, async (place) => {
      if (after.some(([name]) => name === what)) await place.done(file);
      await arrange(place.path(file));
      for (const choice of choices) await expectRefused(place, file, words, choice);
    }),
  );

  it("is refused in a folder that is missing, is a file, or may not be written to", () =>
    atWork(FEW, async (place) => {
      await writeFile(place.path("plain"), "text");
      await mkdir(place.path("closed"), { mode: 0o555 });
      await symlink("nodir/x", place.path(`dangling-${file}`));
      await expectRefused(place, `dangling-${file}`, `The folder ${place.path("nodir")} does not exist.`);
      for (const folder of ["missing", "plain"])
        await expectRefused(place, `${folder}/${file}`, `The folder ${place.path(folder)} does not exist.`);
      await expectRefused(place, `closed/${file}`, NO_RIGHT, UNPRIVILEGED);
      expect(await readdir(place.path("closed"))).toEqual([]);
    }));

  it("is written to where it is empty, or its database was cut off while it was made", () =>
    atWork(FEW, async ({ path, done, mode, brings }) => {
      await writeFile(path(file), "", { mode: 0o600 });
      await done(file);
      expect(await mode(file)).toBe("600");
      await truncate(storeOf(path(file)), 8192);
      if (file === "a.csv") await rm(path(file));
      await brings(file);
    }));
});

it("A database in which somebody has given a function another meaning has no file read that nobody named", () =>
  atWork(FEW, async ({ path, done, execute, fails, files }) => {
    await done("a.csv");
    await writeFile(path("private"), "nobody's business");
    const content = `SELECT content FROM read_text('${path("private")}')`;
    await execute("a.csv.duckdb", `CREATE MACRO to_json(a) AS (${content})`);
    await rm(path("a.csv"));
    await fails("a.csv", "are disabled");
    expect(await files()).not.toContain("a.csv");
  }));

it("A database with progress that this program could not have written is told, and with --full exported anew", () =>
  atWork(FEW, async ({ done, execute, fails, verify }) => {
    await done("a.duckdb");
    await execute("a.duckdb", `UPDATE browsee_export_state SET state = '{"timestamp":"soon"}'`);
    for (const args of [[], ["--dry-run"]])
      await fails("a.duckdb", "can't be read. Run the command with --full", { args });
    const { error, stderr } = await verify("a.duckdb");
    expect({ error, stderr }).toEqual({
      error: "state_invalid",
      stderr: expect.stringContaining("Run export with --full"),
    });
    await done("a.duckdb", { args: ["--full"] });
  }));

it("What version 0.1.0 has exported is gone on with in a database, in another form replaced with --full alone", () =>
  atWork(FEW, async (place) => {
    await place.done("a.duckdb");
    await place.execute("a.duckdb", AS_OF_0_1_0);
    place.grow(5);
    expect(await place.summary("a.duckdb")).toMatchObject([{ new: 5, changed: 0, sessions: 125 }]);

    await place.done("a.csv");
    const [{ project } = {}] = await place.query("a.csv.duckdb", "FROM browsee_export_state");
    await rm(place.path("a.csv.duckdb"));
    const state = { stream: "sessions", project, columns: [], bytes: 1, writing: false, state: {} };
    await writeFile(place.path("a.csv.state.json"), `${JSON.stringify(state)}\n`);
    await expectRefused(place, "a.csv", "was exported by version 0.1.0");
    place.api.handle.remove({ nth: 0 });
    await place.brings("a.csv", { args: ["--full"] });
    expect(await place.files()).toEqual(["a.csv", "a.csv.duckdb", "a.duckdb"]);
  }));
