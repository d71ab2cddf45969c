/** Paths that can't be exported to: a sentence that says why, exit 1, and nothing harmed. */
import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { execute, expectAll, query, rowsIn } from "./contents.ts";
import { expectRefused } from "./refused.ts";
import { atWork, recent, UNPRIVILEGED } from "./workplace.ts";

const FORMS = ["a.duckdb", "a.parquet", "a.csv", "a.ndjson"] as const;
const COPIES = ["a.parquet", "a.csv", "a.ndjson"] as const;
const FEW = { generated: recent(120) };

describe.each(FORMS)("%s is refused", (file) => {
  it("in a folder that is missing, or is a file", async () => {
    await atWork(FEW, async (place) => {
      await writeFile(place.path("plain"), "text");
      for (const folder of ["missing", "plain"]) {
        const sentence = `The folder ${place.path(folder)} does not exist. Create it, or choose another path.`;
        await expectRefused(place, `${folder}/${file}`, sentence);
      }
    });
  });

  it("where it is a folder, a device or a named pipe", async () => {
    await atWork(FEW, async (place) => {
      await mkdir(place.path(file));
      await expectRefused(place, file, `${place.path(file)} is a folder. Name a file in it.`);
      await rm(place.path(file), { recursive: true });
      await symlink("/dev/null", place.path(file));
      await expectRefused(place, file, `${place.path(file)} is no file. Choose another path.`);
      await rm(place.path(file));
      execFileSync("mkfifo", [place.path(file)]);
      await expectRefused(place, file, `${place.path(file)} is no file. Choose another path.`);
    });
  });

  it("where the folder or the file may not be written to", async () => {
    await atWork(FEW, async (place) => {
      const choice = { options: { through: UNPRIVILEGED } };
      await mkdir(place.path("closed"), { mode: 0o555 });
      await expectRefused(place, `closed/${file}`, "can't be written: the permissions", choice);
      expect(await readdir(place.path("closed"))).toEqual([]);
      await place.done(file);
      await chmod(place.path(file), 0o444);
      await expectRefused(place, file, `${place.path(file)} can't be written: the permissions`, choice);
      await chmod(place.path(file), 0o644);
      await place.done(file);
    });
  });

  it.each([
    ["bytes of any kind", Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * 7919) % 251))],
    ["a text of somebody's", "name,age\r\nAda,36\r\n"],
    ["one byte", "x"],
  ])("where it holds %s, with --full too", async (_what, content) => {
    await atWork(FEW, async (place) => {
      await writeFile(place.path(file), content);
      for (const args of [[], ["--full"]])
        await expectRefused(place, file, "It was left as it is; ", { args });
    });
  });

  it("where it holds the sessions of another project, or with keys of another salt, with --full too", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      for (const [config, args] of [
        [{ api_key: "another-key" }, []],
        [{ session_key_salt: "pepper" }, ["--full"]],
      ] as const)
        await expectRefused(place, file, "holds the sessions of another project", { config, args });
    });
  });

  it("where its database is damaged, in DuckDB's words", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      const store = place.path(file.endsWith(".duckdb") ? file : `${file}.duckdb`);
      execFileSync("dd", ["if=/dev/zero", `of=${store}`, "bs=4096", "seek=4", "count=8", "conv=notrunc"], {
        stdio: "ignore",
      });
      await expectRefused(place, file, "Corrupt database file");
    });
  });
});

describe.each(FORMS)("%s", (file) => {
  it("that is empty is written to, and keeps its permissions", async () => {
    await atWork(FEW, async ({ path, done, mode }) => {
      await writeFile(path(file), "", { mode: 0o600 });
      await done(file);
      expect((await rowsIn(path(file))).length).toBe(120);
      expect(await mode(file)).toBe("600");
    });
  });

  it("whose database was cut off while it was made is made anew", async () => {
    await atWork(FEW, async ({ api, path, done }) => {
      const store = path(file.endsWith(".duckdb") ? file : `${file}.duckdb`);
      await execute(path("other.duckdb"), "SELECT 1");
      for (const bytes of [4096, 8192]) {
        execFileSync("cp", [path("other.duckdb"), store]);
        execFileSync("truncate", ["-s", String(bytes), store]);
        await done(file);
        expectAll(api, await rowsIn(path(file)));
        for (const made of [store, path(file)]) await rm(made, { force: true });
      }
    });
  });
});

describe.each(COPIES)("%s", (file) => {
  it("that somebody has changed is left alone, and one that was deleted is made anew", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      await writeFile(place.path(file), "more\n", { flag: "a" });
      await expectRefused(place, file, "was changed by another program since the last export");
      await rm(place.path(file));
      await place.done(file);
      expectAll(place.api, await rowsIn(place.path(file)));
    });
  });

  it("of another stream is left alone", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      const args = ["--segment", "mobile-visitors", "--stream", "segment_sessions"];
      await expectRefused(place, file, "holds the stream sessions, not segment_sessions.", { args });
    });
  });

  it("whose database is gone is left alone", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      await rm(place.path(`${file}.duckdb`));
      await expectRefused(place, file, "says that this program made it", { args: ["--full"] });
    });
  });

  it("of version 0.1.0 is replaced with --full alone", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      const [{ project } = {}] = await query(
        place.path(`${file}.duckdb`),
        "SELECT project FROM browsee_export_state",
      );
      await rm(place.path(`${file}.duckdb`));
      const state = { stream: "sessions", project, columns: [], bytes: 1, writing: false, state: {} };
      await writeFile(place.path(`${file}.state.json`), JSON.stringify(state));
      await expectRefused(place, file, "was exported by version 0.1.0");
      place.api.handle.remove({ nth: 0 });
      await place.done(file, { args: ["--full"] });
      expectAll(place.api, await rowsIn(place.path(file)));
      expect((await readdir(place.folder)).sort()).toEqual([file, `${file}.duckdb`, "config.json"].sort());
      await place.done(file);
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

describe("a DuckDB file", () => {
  it.each([
    ["CREATE TABLE sessions AS SELECT 42 AS answer", "a table sessions that this program did not make"],
    ["CREATE VIEW sessions AS SELECT 42 AS answer", "a view sessions that this program did not make"],
    ["CREATE TABLE browsee_export_state AS SELECT 42 AS answer", "that is not this program's"],
  ])("after %s is left alone", async (sql, words) => {
    await atWork(FEW, async (place) => {
      await execute(place.path("a.duckdb"), sql);
      for (const args of [[], ["--full"]]) await expectRefused(place, "a.duckdb", words, { args });
    });
  });

  it("whose progress nobody could have written is exported anew with --full", async () => {
    await atWork(FEW, async (place) => {
      await place.done("a.duckdb");
      await execute(place.path("a.duckdb"), `UPDATE browsee_export_state SET state = '{"timestamp":"soon"}'`);
      await expectRefused(place, "a.duckdb", "can't be read. Run the command with --full");
      await place.done("a.duckdb", { args: ["--full"] });
    });
  });

  it("that was deleted without its log is not made over that log", async () => {
    await atWork(FEW, async (place) => {
      await writeFile(place.path("a.duckdb.wal"), "rows");
      await expectRefused(place, "a.duckdb", "is not the log of a database that stands there");
    });
  });

  it("whose log is a link to somebody's file is left alone, and so is that file", async () => {
    await atWork(FEW, async (place) => {
      await place.done("a.duckdb");
      await writeFile(place.path("precious"), "mine");
      await symlink("precious", place.path("a.duckdb.wal"));
      await expectRefused(place, "a.duckdb", "is not the log of a database that stands there");
    });
  });

  it("of version 0.1.0 is gone on with", async () => {
    await atWork(FEW, async ({ api, path, done, summary }) => {
      await done("a.duckdb");
      await execute(path("a.duckdb"), "ALTER TABLE browsee_export_state DROP COLUMN details");
      const { to } = recent(0);
      api.handle.appendGenerated(5, to, to + 30_000);
      expect(await summary("a.duckdb")).toMatchObject([{ new: 5, changed: 0, sessions: 125 }]);
    });
  });
});
