/** `export --dry-run` tells how much would be asked for, and writes nothing. */
import { readFile } from "node:fs/promises";
import { expect, it } from "@jest/globals";
import { atWork, recent } from "./workplace.ts";

const COUNT = 3000;
const SINCE = ["--start-date", "30d"];
const DRY = { args: [...SINCE, "--dry-run"] };

it("--dry-run counts what an export would ask for in two requests, and makes no file", () =>
  atWork({ generated: recent(COUNT) }, async ({ api, files, path, done, summary }) => {
    const { stderr } = await done("a.parquet", DRY);
    expect(stderr).toMatch(/^sessions: 3,000 sessions from 20\d\d-\d\d-\d\d to 20\d\d-\d\d-\d\d would be /);
    expect(stderr).toMatch(/; some \d\d requests, about .* s\nNothing was written\.\n$/);
    expect(api.stats.requests).toBe(2);
    const [dry] = await summary("a.parquet", DRY);
    expect(await files()).toEqual([]);
    const [wet] = await summary("a.parquet", { args: SINCE });
    expect(dry).toMatchObject({ stream: "sessions", sessions: COUNT, seconds: expect.any(Number) });
    expect(Math.abs(Math.log2(Number(dry?.["requests"]) / Number(wet?.["requests"])))).toBeLessThan(1);
    const before = await readFile(path("a.parquet.duckdb"));
    const [again] = await summary("a.parquet", DRY);
    expect(again?.["sessions"]).toBeLessThan(COUNT / 5);
    expect((await readFile(path("a.parquet.duckdb"))).equals(before)).toBe(true);
  }));
