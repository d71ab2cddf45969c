/** What is the user's stays: in the database, and of the files. */
import {
  chmod,
  chown,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { expectAll } from "./contents.ts";
import { atWork, FEW, FORMS, storeOf } from "./workplace.ts";

/** A column, indexes, a view and a table of somebody's. */
const OWN = `
  ALTER TABLE sessions ADD COLUMN note VARCHAR DEFAULT 'none';
  UPDATE sessions SET note = 'mine ' || sessionKey;
  CREATE UNIQUE INDEX by_key ON sessions (sessionKey);
  CREATE INDEX by_city ON sessions (city);
  CREATE VIEW noted AS SELECT sessionKey, note FROM sessions;
  CREATE TABLE orders AS SELECT 42 AS answer;
  COMMENT ON COLUMN sessions.note IS 'a note';`;
const COLUMNS = `
  SELECT column_name AS name, data_type AS type, comment FROM duckdb_columns()
  WHERE table_name = 'sessions' AND column_name IN ('note', 'os') ORDER BY name`;

it.each([[[]], [["--full"]]])("With %j columns, indexes, views and tables of somebody's stay", (args) =>
  atWork(FEW, async ({ api, done, execute, grow, query, rows, summary }) => {
    const ask = (sql: string) => query("a.duckdb", sql);
    await done("a.duckdb");
    await execute("a.duckdb", OWN);
    const isEven = ({ pageCount }: Readonly<Record<string, unknown>>) => Number(pageCount) % 2 === 0;
    api.handle.change({ where: isEven }, { name: "Ada", tags: ["x"] });
    const removed = api.handle.remove({ nth: 3 }).length;
    const rest = [...api.handle.truth()].map(({ row }) => JSON.stringify(row));
    const changed = rest.filter((text) => text.includes('"Ada"')).length;
    grow(30);
    const gone = args.length > 0 ? removed : 0;
    const [found] = await summary("a.duckdb", { config: { lookback_window_hours: 600 }, args });
    expect(found).toMatchObject({ new: 30, changed, gone, sessions: 150 - gone });
    const notes =
      "SELECT replace(note, sessionKey, '') AS note, count(*) AS n FROM noted GROUP BY ALL ORDER BY 1";
    const [mine, none] = [120 - gone, 30];
    expect(await ask(notes)).toEqual([
      { note: "mine ", n: mine },
      { note: "none", n: none },
    ]);
    const indexes = await ask("SELECT index_name AS name FROM duckdb_indexes() ORDER BY 1");
    expect(indexes).toEqual([{ name: "by_city" }, { name: "by_key" }]);
    expect(await rows("a.duckdb", "orders")).toEqual([{ answer: 42 }]);
    expect(await ask(COLUMNS)).toMatchObject([{ name: "note", comment: "a note" }, { name: "os" }]);
    if (args.length > 0) expectAll(api, await rows("a.duckdb", "(SELECT * EXCLUDE (note) FROM sessions)"));
    await done("a.duckdb");
  }),
);

describe.each(FORMS)("%s", (file) => {
  const store = storeOf(file);

  it("follows the umask where nothing was there, and then keeps its permissions, as its database does", () =>
    atWork(FEW, async ({ path, done, grow, mode, rows }) => {
      await done(file, { options: { through: ["sh", "-c", 'umask 027; exec "$@"', "sh"] } });
      expect([await mode(file), await mode(store)]).toEqual(["640", "640"]);
      await chmod(path(file), 0o600);
      grow(5);
      await done(file);
      expect([await mode(file), await mode(store)]).toEqual(["600", "600"]);
      expect((await rows(file)).length).toBe(125);
    }));

  // Only root can give a file away.
  (process.getuid?.() === 0 ? it : it.skip)("keeps its owner", () =>
    atWork(FEW, async ({ path, done }) => {
      await writeFile(path(file), "");
      await chown(path(file), 1234, 2345);
      for (const args of [[], ["--full"]]) await done(file, { args });
      expect(await stat(path(file))).toMatchObject({ uid: 1234, gid: 2345 });
    }),
  );

  it.each(["there", "dangling"])("as a symlink stays one, and what it leads to is written (%s)", (kind) =>
    atWork(FEW, async ({ path, done, files, whole }) => {
      const real = `data/real-${file}`;
      await mkdir(path("data"));
      await symlink(real, path("hop"));
      await symlink("hop", path(file));
      if (kind === "there") await done(real);
      await done(file);
      expect([await readlink(path(file)), await readlink(path("hop"))]).toEqual(["hop", real]);
      await whole(real);
      // By its own name it is the same export.
      await done(real);
      expect(await files()).toEqual([file, "data", "hop"]);
      expect(new Set(await readdir(path("data")))).toEqual(new Set([`real-${file}`, `real-${store}`]));
    }),
  );

  it("leaves files alone whose names come near those of its own", () =>
    atWork(FEW, async ({ path, done }) => {
      const work = (digit: string) => `.${store}.browsee-export-${digit.repeat(16)}`;
      const ends = ["new", "tmp", "lock", "work", "state.json", "state.json.tmp"];
      const others = [...ends.map((end) => `${file}.${end}`), work("0")];
      for (const name of others) await writeFile(path(name), "mine");
      await link(path(others[0] ?? ""), path("hard"));
      await symlink("hard", path(work("1")));
      for (const args of [[], ["--full"]]) await done(file, { args });
      for (const name of [...others, "hard"]) expect(await readFile(path(name), "utf8")).toBe("mine");
      expect(await readlink(path(work("1")))).toBe("hard");
    }));
});
