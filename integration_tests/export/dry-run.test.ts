/** `export --dry-run` tells how much would be asked for, and writes nothing. */
import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { atWork, recent } from "./workplace.ts";

const COUNT = 3000;
const DRY = { args: ["--start-date", "30d", "--dry-run"] };

describe("--dry-run", () => {
  it("counts what an export would ask for in two requests, and makes no file", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ api, folder, path, done, summary }) => {
      const { stderr } = await done("a.parquet", DRY);
      expect(stderr).toMatch(/^sessions: 3,000 sessions from 20\d\d-\d\d-\d\d to 20\d\d-\d\d-\d\d would be /);
      expect(stderr).toMatch(/; some \d\d requests, about .* s\nNothing was written\.\n$/);
      expect(api.stats.requests).toBe(2);
      expect(await readdir(folder)).toEqual(["config.json"]);
      const [dry] = await summary("a.parquet", DRY);
      const [wet] = await summary("a.parquet", { args: DRY.args.slice(0, 2) });
      expect(dry).toMatchObject({ stream: "sessions", sessions: COUNT, seconds: expect.any(Number) });
      const ratio = Number(dry?.["requests"]) / Number(wet?.["requests"]);
      expect(Math.abs(Math.log2(ratio))).toBeLessThan(1);
      const before = await readFile(path("a.parquet.duckdb"));
      const [again] = await summary("a.parquet", DRY);
      expect(again?.["sessions"]).toBeLessThan(COUNT / 5);
      expect((await readFile(path("a.parquet.duckdb"))).equals(before)).toBe(true);
    });
  });
});
