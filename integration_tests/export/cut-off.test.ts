/** Exports that end early, by a signal or a full disk, and two at once: nothing is lost, and the next one goes on. */
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import type { FakeApiOptions } from "../fake-api/options.ts";
import type { Running } from "../program.ts";
import { expectAll, rowsIn } from "./contents.ts";
import { atWork, type ExportChoice, recent, smallFiles, type Workplace } from "./workplace.ts";

/** All that is not a database is made in the same way. */
const FORMS = ["a.duckdb", "a.csv"] as const;
const COUNT = 3000;
const STOPPED =
  /^Stopped; [\d,]+ records of this run are saved\. Run the same command again, and it goes on from there\.\n$/;

/** Starts an export, and does something at one of its requests, before the answer. */
async function atRequest(
  number: number,
  to: string,
  choice: ExportChoice,
  act: (running: Running) => unknown,
  then: (place: Workplace, running: Running) => Promise<void>,
  before: (place: Workplace) => Promise<unknown> = async () => undefined,
): Promise<void> {
  let hook = (_request: number): void => undefined;
  const options: FakeApiOptions = { generated: recent(COUNT), onRequest: (request) => hook(request) };
  await atWork(options, async (place) => {
    await before(place);
    const first = place.api.stats.requests;
    const acted = new Promise<Running>((resolve) => {
      hook = (request) => {
        if (request !== first + number) return;
        act(running);
        resolve(running);
      };
    });
    const running = await place.start(to, choice);
    await then(place, await acted);
  });
}

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s", (signal, code) => {
  it.each(FORMS)("while %s is written: what was read is saved, and gone on with", async (file) => {
    const kill = (running: Running) => running.child.kill(signal);
    await atRequest(20, file, {}, kill, async ({ api, path, summary }, running) => {
      const run = await running.ended;
      expect(run).toMatchObject({ code, signal: null, stderr: expect.stringMatching(STOPPED) });
      const store = path(file.endsWith(".duckdb") ? file : `${file}.duckdb`);
      const held = (await rowsIn(store)).length;
      expect(held).toBeGreaterThan(COUNT / 4);
      expect(await summary(file)).toMatchObject([{ new: COUNT - held, changed: 0, sessions: COUNT }]);
      expectAll(api, await rowsIn(path(file)));
    });
  });

  it("with --json says so there, and leaves out the streams behind", async () => {
    const args = ["--quiet", "--json", "--segment", "mobile-visitors"];
    const kill = (running: Running) => running.child.kill(signal);
    await atRequest(10, "a.csv", { args }, kill, async (_place, running) => {
      const { code: found, stderr, lines } = await running.ended;
      expect({ code: found, stderr }).toEqual({ code, stderr: "" });
      expect(lines.map((line): unknown => JSON.parse(line))).toMatchObject([
        { status: "stopped", streams: [{ stream: "sessions", status: "stopped", error: null }] },
      ]);
    });
  });
});

describe("a pipe", () => {
  it("says that it has stopped", async () => {
    const kill = (running: Running) => running.child.kill("SIGTERM");
    await atRequest(10, "-", {}, kill, async (_place, running) => {
      const run = await running.ended;
      expect(run).toMatchObject({ code: 143, rest: "", stderr: "Stopped.\n" });
      expect(run.lines.length).toBeGreaterThan(0);
    });
  });

  it("whose reader goes away ends without a word", async () => {
    await atWork({ generated: recent(COUNT) }, async ({ start }) => {
      const onLine = (_line: string, running: Running) => void running.child.stdout.destroy();
      const { code, stderr } = await (await start("-", { options: { onLine } })).ended;
      expect({ code, stderr }).toEqual({ code: 143, stderr: "" });
    });
  });

  it("into a full device fails", async () => {
    await atWork({ generated: recent(400) }, async ({ run }) => {
      const through = ["sh", "-c", 'exec "$@" >/dev/full', "sh"];
      const { code, stderr } = await run("-", { options: { through } });
      expect(stderr).toContain("stdout can't be written");
      expect(code).toBe(1);
    });
  });
});

describe.each(FORMS)("--full into %s that is cut off", (file) => {
  it.each([
    [[], "this one goes on with it."],
    [["--full"], "this one starts over. Without --full it would go on."],
  ])("leaves the old rows in place; the next one with %j says what it does", async (args, words) => {
    const kill = (running: Running) => running.child.kill("SIGTERM");
    await atRequest(
      20,
      file,
      { args: ["--full"] },
      kill,
      async ({ api, path, done }, running) => {
        expect((await running.ended).code).toBe(143);
        expectAll(api, await rowsIn(path(file)));
        const { stderr } = await done(file, { args });
        expect(stderr).toContain(`The last --full export was cut off; ${words}\n`);
        expectAll(api, await rowsIn(path(file)));
      },
      ({ done }) => done(file),
    );
  });
});

describe.each(FORMS)("two exports into %s", (file) => {
  it("the second says which process has it, and the first is not disturbed", async () => {
    const halt = (running: Running) => running.child.kill("SIGSTOP");
    await atRequest(1, file, {}, halt, async (place, first) => {
      const { stderr, code } = await place.run(file);
      expect(stderr).toContain(
        ` is open in another program (process ${first.child.pid}). If that is an export, `,
      );
      expect(stderr.trim().split("\n")).toHaveLength(1);
      expect(code).toBe(1);
      first.child.kill("SIGCONT");
      expect(await first.ended).toMatchObject({ code: 0 });
      expectAll(place.api, await rowsIn(place.path(file)));
    });
  });

  it("the second goes on where the first was killed", async () => {
    const kill = (running: Running) => running.child.kill("SIGKILL");
    await atRequest(20, file, {}, kill, async (place, first) => {
      await first.ended;
      await place.done(file);
      expectAll(place.api, await rowsIn(place.path(file)));
      const store = file.endsWith(".duckdb") ? [] : [`${file}.duckdb`];
      expect((await readdir(place.folder)).sort()).toEqual([file, "config.json", ...store].sort());
    });
  });
});

describe.each(FORMS)("%s", (file) => {
  it.each([0, 20, 900])(
    "on a disk with room for files of %d kB says so, and goes on where it stopped",
    async (kb) => {
      await atWork({ generated: recent(400) }, async ({ api, path, done, run, folder }) => {
        if (kb > 0) await done(file);
        const { to } = recent(0);
        if (kb > 0) api.handle.appendGenerated(6000, to, to + 30_000);
        const { code, signal, stderr } = await run(file, { options: { through: smallFiles(kb) } });
        expect(stderr).toContain(`There is no room for ${path(file)}`);
        expect(stderr.trim().split("\n")).toHaveLength(1);
        expect({ code, signal }).toEqual({ code: 1, signal: null });
        expect((await readdir(folder)).filter((name) => name.includes(".browsee-export-"))).toEqual([]);
        if (kb > 0) expect((await rowsIn(path(file))).length).toBeGreaterThanOrEqual(400);
        await done(file);
        expectAll(api, await rowsIn(path(file)));
      });
    },
  );
});
