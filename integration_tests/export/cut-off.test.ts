/** Exports that end early, by a signal or a full disk, and two at once: nothing is lost, and the next one goes on. */
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import type { Running } from "../program.ts";
import { expectAll, rowsIn } from "./contents.ts";
import { atWork, type ExportChoice, recent, smallFiles, type Workplace } from "./workplace.ts";

/** All that is not a database is made in the same way. */
const FORMS = ["a.duckdb", "a.csv"] as const;
const COUNT = 3000;
const STOPPED =
  /^Stopped; [\d,]+ records of this run are saved\. Run the same command again, and it goes on from there\.\n$/;

/** A stand-in with a place to work, and an export that gets a signal at a request, before the answer. */
function cutOff(
  signal: NodeJS.Signals,
  request: number,
  work: (place: Workplace, begin: (to: string, choice?: ExportChoice) => Promise<Running>) => Promise<void>,
): Promise<void> {
  let hook = (_request: number): void => undefined;
  return atWork({ generated: recent(COUNT), onRequest: (number) => hook(number) }, (place) =>
    work(place, async (to, choice) => {
      const first = place.api.stats.requests;
      const running = await place.start(to, choice);
      await new Promise<void>((resolve) => {
        hook = (number) => {
          if (number < first + request) return;
          hook = () => undefined;
          running.child.kill(signal);
          resolve();
        };
      });
      return running;
    }),
  );
}

describe("a signal", () => {
  it.each([
    ["SIGINT", 130, "a.duckdb", "a.duckdb"],
    ["SIGTERM", 143, "a.csv", "a.csv.duckdb"],
  ] as const)("%s ends with %d, and what was read into %s by then is saved", async (...args) => {
    const [signal, code, file, store] = args;
    await cutOff(signal, 20, async ({ api, path, summary }, begin) => {
      const run = await (await begin(file)).ended;
      expect(run).toMatchObject({ code, signal: null, stderr: expect.stringMatching(STOPPED) });
      const held = (await rowsIn(path(store))).length;
      expect(held).toBeGreaterThan(COUNT / 4);
      expect(await summary(file)).toMatchObject([{ new: COUNT - held, changed: 0, sessions: COUNT }]);
      expectAll(api, await rowsIn(path(file)));
    });
  });

  it("stands in what --json prints, without the streams behind", async () => {
    await cutOff("SIGTERM", 10, async (_place, begin) => {
      const args = ["--quiet", "--json", "--segment", "mobile-visitors"];
      const { code, stderr, lines } = await (await begin("a.csv", { args })).ended;
      expect({ code, stderr }).toEqual({ code: 143, stderr: "" });
      const sessions = { stream: "sessions", status: "stopped", error: null };
      const summaries = lines.map((line): unknown => JSON.parse(line));
      expect(summaries).toMatchObject([{ status: "stopped", streams: [sessions] }]);
    });
  });
});

describe("a pipe", () => {
  it("says that it has stopped", async () => {
    await cutOff("SIGTERM", 10, async (_place, begin) => {
      const run = await (await begin("-")).ended;
      expect(run).toMatchObject({ code: 143, rest: "", stderr: "Stopped.\n" });
      expect(run.lines.length).toBeGreaterThan(0);
    });
  });

  it("whose reader goes away ends without a word, and into a full device fails", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ start, run }) => {
      const onLine = (_line: string, running: Running) => void running.child.stdout.destroy();
      const { code, stderr } = await (await start("-", { options: { onLine } })).ended;
      expect({ code, stderr }).toEqual({ code: 143, stderr: "" });
      const through = ["sh", "-c", 'exec "$@" >/dev/full', "sh"];
      const full = await run("-", { options: { through } });
      expect(full.stderr).toContain("stdout can't be written");
      expect(full.code).toBe(1);
    });
  });
});

describe("--full that was cut off", () => {
  it.each([
    ["a.duckdb", [], "this one goes on with it."],
    ["a.csv", ["--full"], "this one starts over. Without --full it would go on."],
  ])("leaves the old rows of %s; the next one with %j says what it does", async (file, args, words) => {
    await cutOff("SIGTERM", 20, async ({ api, path, done }, begin) => {
      await done(file);
      expect((await (await begin(file, { args: ["--full"] })).ended).code).toBe(143);
      expectAll(api, await rowsIn(path(file)));
      const { stderr } = await done(file, { args });
      expect(stderr).toContain(`The last --full export was cut off; ${words}\n`);
      expectAll(api, await rowsIn(path(file)));
    });
  });
});

describe.each(FORMS)("two exports into %s", (file) => {
  it("the second says which process has it; when that one is killed, the next goes on and tidies up", async () => {
    await cutOff("SIGSTOP", 20, async (place, begin) => {
      const first = await begin(file);
      const { stderr, code } = await place.run(file);
      expect(stderr).toMatch(
        new RegExp(`^[^\\n]+ is open in another program \\(process ${first.child.pid}\\)\\. [^\\n]+\\n$`),
      );
      expect(code).toBe(1);
      first.child.kill("SIGKILL");
      await first.ended;
      await place.done(file);
      expectAll(place.api, await rowsIn(place.path(file)));
      const store = file.endsWith(".duckdb") ? [] : [`${file}.duckdb`];
      expect((await readdir(place.folder)).sort()).toEqual([file, "config.json", ...store].sort());
    });
  });
});

describe.each(FORMS)("%s", (file) => {
  it("on a full disk says so, and goes on where it stopped", async () => {
    await atWork({ generated: recent(400) }, async ({ api, path, done, run, folder }) => {
      for (const kb of [0, 20, 900]) {
        const options = { through: smallFiles(kb) };
        const { code, signal, stderr } = await run(file, { args: ["--quiet"], options });
        expect(stderr).toContain(`There is no room for ${path(file)}`);
        expect(stderr.trim().split("\n")).toHaveLength(1);
        expect({ code, signal }).toEqual({ code: 1, signal: null });
        expect((await readdir(folder)).filter((name) => name.includes(".browsee-export-"))).toEqual([]);
        if (kb > 0) expect((await rowsIn(path(file))).length).toBeGreaterThanOrEqual(400);
        await done(file);
        expectAll(api, await rowsIn(path(file)));
        const { to } = recent(0);
        if (kb < 900) api.handle.appendGenerated(6000, to, to + 30_000);
      }
    });
  });
});
