/** What is the user's stays: in the database, and of the files. */
import {
  chown,
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { execute, expectAll, query, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const FORMS = ["a.duckdb", "a.parquet", "a.csv", "a.ndjson"] as const;
const COPIES = ["a.parquet", "a.csv", "a.ndjson"] as const;
const FEW = { generated: recent(120) };
const LOOKBACK = { config: { lookback_window_hours: 600 } };

/** Columns, an index, a view and a table of somebody's. */
const OWN = `
  ALTER TABLE sessions ADD COLUMN note VARCHAR DEFAULT 'none';
  UPDATE sessions SET note = 'mine ' || sessionKey;
  CREATE UNIQUE INDEX by_key ON sessions (sessionKey);
  CREATE INDEX by_city ON sessions (city);
  CREATE VIEW noted AS SELECT sessionKey, note FROM sessions;
  CREATE TABLE orders AS SELECT 42 AS answer;
  COMMENT ON COLUMN sessions.note IS 'a note';`;

describe("in a table", () => {
  it.each([[[]], [["--full"]]])(
    "columns, indexes, views and tables of somebody's stay, with %j",
    async (args) => {
      await atWork(FEW, async ({ api, path, done, summary }) => {
        const file = path("a.duckdb");
        await done("a.duckdb");
        await execute(file, OWN);
        api.handle.change(
          { where: ({ pageCount }) => Number(pageCount) % 2 === 0 },
          { name: "Ada", tags: ["x"] },
        );
        const gone = api.handle.remove({ nth: 3 }).length;
        const even = [...api.handle.truth()].filter(({ row }) =>
          JSON.stringify(row).includes('"Ada"'),
        ).length;
        const { to } = recent(0);
        api.handle.appendGenerated(30, to, to + 30_000);
        const full = args.length > 0;
        expect(await summary("a.duckdb", { ...LOOKBACK, args })).toMatchObject([
          { new: 30, changed: even, gone: full ? gone : 0, sessions: full ? 150 - gone : 150 },
        ]);
        const notes = await query(
          file,
          "SELECT note, count(*) AS n FROM (SELECT replace(note, sessionKey, '') AS note FROM noted) GROUP BY note ORDER BY note",
        );
        expect(notes).toEqual([
          { note: "mine ", n: full ? 120 - gone : 120 },
          { note: "none", n: 30 },
        ]);
        const indexes = await query(file, "SELECT index_name FROM duckdb_indexes() ORDER BY 1");
        expect(indexes.map(({ index_name }) => index_name)).toEqual(["by_city", "by_key"]);
        expect(await rowsIn(file, "orders")).toEqual([{ answer: 42 }]);
        const comment =
          "SELECT comment FROM duckdb_columns() WHERE column_name = 'note' AND table_name = 'sessions'";
        expect(await query(file, comment)).toEqual([{ comment: "a note" }]);
        const rows = await rowsIn(file, "(SELECT * EXCLUDE (note) FROM sessions)");
        if (full) expectAll(api, rows);
        await done("a.duckdb");
      });
    },
  );

  it("columns that were dropped come back, with their comments, and it is said that they are empty", async () => {
    await atWork(FEW, async ({ path, done }) => {
      await done("a.duckdb");
      await execute(path("a.duckdb"), "ALTER TABLE sessions DROP COLUMN city");
      await done("a.duckdb");
      const sql =
        "SELECT data_type AS type, comment FROM duckdb_columns() WHERE table_name = 'sessions' AND column_name = 'city'";
      expect(await query(path("a.duckdb"), sql)).toEqual([
        { type: "VARCHAR", comment: expect.stringMatching(/\w/) },
      ]);
    });
  });
});

describe.each(COPIES)("%s", (file) => {
  it("keeps its permissions when it is replaced, and the database beside it is no more open", async () => {
    await atWork(FEW, async ({ api, path, done, mode, chmod }) => {
      await done(file);
      expect([await mode(file), await mode(`${file}.duckdb`)]).toEqual(["644", "644"]);
      await chmod(file, 0o600);
      const { to } = recent(0);
      api.handle.appendGenerated(5, to, to + 30_000);
      await done(file);
      expect([await mode(file), await mode(`${file}.duckdb`)]).toEqual(["600", "600"]);
      expect((await rowsIn(path(file))).length).toBe(125);
    });
  });
});

describe.each(FORMS)("%s", (file) => {
  // Only root can give a file away.
  (process.getuid?.() === 0 ? it : it.skip)("keeps its owner", async () => {
    await atWork(FEW, async ({ path, done }) => {
      await writeFile(path(file), "");
      await chown(path(file), 1234, 2345);
      for (const args of [[], ["--full"]]) {
        await done(file, { args });
        expect(await stat(path(file))).toMatchObject({ uid: 1234, gid: 2345 });
      }
    });
  });

  it("follows the umask where nothing was there", async () => {
    await atWork(FEW, async ({ done, folder, mode }) => {
      await done(file, { options: { through: ["sh", "-c", 'umask 027; exec "$@"', "sh"] } });
      const names = (await readdir(folder)).filter((name) => name !== "config.json");
      for (const name of names) expect([name, await mode(name)]).toEqual([name, "640"]);
    });
  });

  it.each(["there", "dangling"])(
    "as a symlink stays one, and what it leads to is written (%s)",
    async (kind) => {
      await atWork(FEW, async ({ api, path, done, folder }) => {
        await mkdir(path("data"));
        await symlink(`data/real-${file}`, path("hop"));
        await symlink("hop", path(file));
        if (kind === "there") await done(`data/real-${file}`);
        await done(file);
        expect([await readlink(path(file)), await readlink(path("hop"))]).toEqual([
          "hop",
          `data/real-${file}`,
        ]);
        expectAll(api, await rowsIn(path(`data/real-${file}`)));
        // By its own name it is the same export.
        await done(`data/real-${file}`);
        expect((await readdir(folder)).sort()).toEqual([file, "config.json", "data", "hop"].sort());
        const store = file.endsWith(".duckdb") ? [] : [`real-${file}.duckdb`];
        expect((await readdir(path("data"))).sort()).toEqual([`real-${file}`, ...store].sort());
      });
    },
  );

  it("leaves files alone whose names come near those of its own", async () => {
    await atWork(FEW, async ({ path, done, folder }) => {
      const others = ["new", "tmp", "lock", "work", "state.json", "state.json.tmp"].map(
        (end) => `${file}.${end}`,
      );
      const work = `.${file}.browsee-export-0123456789abcdef`;
      for (const name of [...others, work]) await writeFile(path(name), "mine");
      await link(path(others[0] ?? ""), path("hard"));
      await symlink("hard", path(`.${file}.browsee-export-fedcba9876543210`));
      for (const args of [[], ["--full"]]) await done(file, { args });
      for (const name of [...others, work, "hard"]) expect(await readFile(path(name), "utf8")).toBe("mine");
      const link2 = await lstat(path(`.${file}.browsee-export-fedcba9876543210`));
      expect(link2.isSymbolicLink()).toBe(true);
      expect((await readdir(folder)).filter((name) => name.includes(".browsee-export-"))).toHaveLength(2);
    });
  });
});
