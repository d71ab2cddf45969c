/** DuckDB files that others have made or changed. */
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "@jest/globals";
import { execute, query, rowsIn } from "./contents.ts";
import { expectRefused } from "./refused.ts";
import { atWork, recent } from "./workplace.ts";

const FEW = { generated: recent(120) };

describe("a DuckDB file of somebody's", () => {
  it("with a table of the stream's name", async () => {
    await atWork(FEW, async (place) => {
      await execute(place.path("a.duckdb"), "CREATE TABLE sessions AS SELECT 42 AS answer");
      for (const args of [[], ["--full"]])
        await expectRefused(place, "a.duckdb", "a table sessions that this program did not make", { args });
      expect(await rowsIn(place.path("a.duckdb"))).toEqual([{ answer: 42 }]);
    });
  });

  it("with a view of the stream's name", async () => {
    await atWork(FEW, async (place) => {
      await execute(place.path("a.duckdb"), "CREATE VIEW sessions AS SELECT 42 AS answer");
      await expectRefused(place, "a.duckdb", "a table sessions that this program did not make");
    });
  });

  it("with a table of the name that progress is kept under", async () => {
    await atWork(FEW, async (place) => {
      await execute(place.path("a.duckdb"), "CREATE TABLE browsee_export_state AS SELECT 42 AS answer");
      await expectRefused(place, "a.duckdb", "a table browsee_export_state that is not this program's");
    });
  });

  it("with other tables: they stay, and the stream's is added", async () => {
    await atWork(FEW, async ({ path, done }) => {
      await execute(path("a.duckdb"), "CREATE TABLE orders AS SELECT 42 AS answer");
      await done("a.duckdb");
      expect(await rowsIn(path("a.duckdb"), "orders")).toEqual([{ answer: 42 }]);
      expect((await rowsIn(path("a.duckdb"))).length).toBe(120);
    });
  });

  it("that another program has open", async () => {
    await atWork(FEW, async (place) => {
      await place.done("a.duckdb");
      const instance = await DuckDBInstance.create(place.path("a.duckdb"));
      try {
        const { code, stderr } = await place.run("a.duckdb");
        expect(stderr).toBe(
          `${place.path("a.duckdb")} is open in another program (process ${process.pid}). Close it there, and run the export again.\n`,
        );
        expect(code).toBe(1);
      } finally {
        instance.closeSync();
      }
      await place.done("a.duckdb");
    });
  });

  it("whose progress nobody could have written", async () => {
    await atWork(FEW, async (place) => {
      await place.done("a.duckdb");
      await execute(place.path("a.duckdb"), `UPDATE browsee_export_state SET state = '{"timestamp":"soon"}'`);
      await expectRefused(place, "a.duckdb", "can't be read. Run the command with --full");
      await place.done("a.duckdb", { args: ["--full"] });
    });
  });
});

describe("a table that an older version has made", () => {
  it("gains the columns that it lacks, with their comments", async () => {
    await atWork(FEW, async ({ api, path, done }) => {
      await done("a.duckdb");
      await execute(
        path("a.duckdb"),
        "ALTER TABLE sessions DROP COLUMN city; ALTER TABLE sessions DROP tags",
      );
      const { to } = recent(0);
      api.handle.appendGenerated(30, to, to + 30_000);
      await done("a.duckdb");
      const rows = await rowsIn(path("a.duckdb"));
      expect(rows.length).toBe(150);
      expect(rows.filter(({ city }) => city !== null).length).toBeGreaterThan(0);
      const columns = await query(
        path("a.duckdb"),
        "SELECT column_name AS name, data_type AS type, comment FROM duckdb_columns() WHERE table_name = 'sessions' AND column_name IN ('city', 'tags') ORDER BY 1",
      );
      const comment = expect.stringMatching(/\w/);
      expect(columns).toEqual([
        { name: "city", type: "VARCHAR", comment },
        { name: "tags", type: "VARCHAR[]", comment },
      ]);
    });
  });

  it("keeps columns that somebody has added", async () => {
    await atWork(FEW, async ({ api, path, done }) => {
      await done("a.duckdb");
      await execute(
        path("a.duckdb"),
        "ALTER TABLE sessions ADD COLUMN note VARCHAR; UPDATE sessions SET note = 'mine'",
      );
      api.handle.change({ where: () => true }, { name: "changed" });
      await done("a.duckdb", { config: { lookback_window_hours: 600 } });
      const rows = await rowsIn(path("a.duckdb"));
      expect(rows.length).toBe(120);
      expect(rows.every(({ note }) => note === "mine")).toBe(true);
    });
  });
});
