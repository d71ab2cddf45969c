/** What is the user's stays: in the database, and of the files. */
import { chown, link, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { execute, expectAll, query, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

/** All that is not a database is made in the same way. */
const FORMS = ["a.duckdb", "a.csv"] as const;
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

describe.each(FORMS)("%s", (file) => {
  const store = file.endsWith(".duckdb") ? file : `${file}.duckdb`;

  it("follows the umask where nothing was there, and then keeps its permissions, as its database does", async () => {
    await atWork(FEW, async ({ api, path, done, mode, chmod }) => {
      await done(file, { options: { through: ["sh", "-c", 'umask 027; exec "$@"', "sh"] } });
      expect([await mode(file), await mode(store)]).toEqual(["640", "640"]);
      await chmod(file, 0o600);
      const { to } = recent(0);
      api.handle.appendGenerated(5, to, to + 30_000);
      await done(file);
      expect([await mode(file), await mode(store)]).toEqual(["600", "600"]);
      expect((await rowsIn(path(file))).length).toBe(125);
    });
  });

  // Only root can give a file away.
  (process.getuid?.() === 0 ? it : it.skip)("keeps its owner", async () => {
    await atWork(FEW, async ({ path, done }) => {
      await writeFile(path(file), "");
      await chown(path(file), 1234, 2345);
      for (const args of [[], ["--full"]]) await done(file, { args });
      expect(await stat(path(file))).toMatchObject({ uid: 1234, gid: 2345 });
    });
  });

  it.each(["there", "dangling"])(
    "as a symlink stays one, and what it leads to is written (%s)",
    async (kind) => {
      await atWork(FEW, async ({ api, path, done, folder }) => {
        const real = `data/real-${file}`;
        await mkdir(path("data"));
        await symlink(real, path("hop"));
        await symlink("hop", path(file));
        if (kind === "there") await done(real);
        await done(file);
        expect([await readlink(path(file)), await readlink(path("hop"))]).toEqual(["hop", real]);
        expectAll(api, await rowsIn(path(real)));
        // By its own name it is the same export.
        await done(real);
        expect((await readdir(folder)).sort()).toEqual([file, "config.json", "data", "hop"].sort());
        expect(new Set(await readdir(path("data")))).toEqual(new Set([`real-${file}`, `real-${store}`]));
      });
    },
  );

  it("leaves files alone whose names come near those of its own", async () => {
    await atWork(FEW, async ({ path, done }) => {
      const work = (digit: string) => `.${store}.browsee-export-${digit.repeat(16)}`;
      const ends = ["new", "tmp", "lock", "work", "state.json", "state.json.tmp"];
      const others = [...ends.map((end) => `${file}.${end}`), work("0")];
      for (const name of others) await writeFile(path(name), "mine");
      await link(path(others[0] ?? ""), path("hard"));
      await symlink("hard", path(work("1")));
      for (const args of [[], ["--full"]]) await done(file, { args });
      for (const name of [...others, "hard"]) expect(await readFile(path(name), "utf8")).toBe("mine");
      expect(await readlink(path(work("1")))).toBe("hard");
    });
  });
});
