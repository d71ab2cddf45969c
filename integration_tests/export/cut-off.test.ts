/** What a cut-off leaves behind: a torn tail, a full export that is half done. */
import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import type { FakeApiOptions } from "../fake-api/options.ts";
import { expectAll, rowsIn } from "./contents.ts";
import { atWork, recent } from "./workplace.ts";

const COUNT = 4500;

describe.each(["a.csv", "a.ndjson"])("%s", (file) => {
  it.each([
    ["half a line", (text: string) => text.slice(-150, -40)],
    ["whole lines", (text: string) => text.slice(text.length / 2).replace(/^[^\n]*\n/, "")],
    ["half a character", () => Buffer.from("é").subarray(0, 1)],
  ])("is freed of %s that its state does not cover", async (_what, tailOf) => {
    await atWork({ generated: recent(300) }, async ({ api, path, done }) => {
      await done(file);
      const state = `${path(file)}.state.json`;
      const text = await readFile(path(file), "utf8");
      await writeFile(path(file), tailOf(text), { flag: "a" });
      // As an export writes it before it adds to the file.
      const kept: object = JSON.parse(await readFile(state, "utf8"));
      await writeFile(state, JSON.stringify({ ...kept, writing: true }));
      await done(file);
      expect(await readFile(path(file), "utf8")).toBe(text);
      expectAll(api, await rowsIn(path(file)));
      expect(JSON.parse(await readFile(state, "utf8"))).toMatchObject({ writing: false });
    });
  });
});

describe.each(["a.duckdb", "a.parquet", "a.csv", "a.ndjson"])("--full into %s, cut off,", (file) => {
  it("leaves what was there in place, and is gone on with", async () => {
    let stop = (_request: number) => undefined;
    const options: FakeApiOptions = { generated: recent(COUNT), onRequest: (request) => stop(request) };
    await atWork(options, async ({ api, path, start, done }) => {
      await done(file);
      const at = api.stats.requests + 40;
      const running = await start(file, { args: ["--full"] });
      stop = (request) => {
        if (request === at) running.child.kill("SIGTERM");
        return undefined;
      };
      expect((await running.ended).code).toBe(143);
      expectAll(api, await rowsIn(path(file)));
      const before = api.stats.requests;
      const { stderr } = await done(file);
      expect(stderr).toContain("The last --full export was cut off; this one goes on with it.\n");
      expect(api.stats.requests - before).toBeLessThan(COUNT / 100 - 20);
      expectAll(api, await rowsIn(path(file)));
    });
  });
});
