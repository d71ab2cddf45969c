/** The same command again brings what is new or has changed, and nothing else; --full starts over. */
import { stat } from "node:fs/promises";
import { expect, it } from "@jest/globals";
import { ALL_FORMS, atWork, recent } from "./workplace.ts";

const HOUR_MS = 3_600_000;
const COUNT = 1000;

it.each(ALL_FORMS)("%s gets what is new and changed, each once; --full drops what is gone", (file) =>
  atWork({ generated: recent(COUNT) }, async ({ api, path, grow, summary, whole }) => {
    const first = { written: COUNT, new: COUNT, changed: 0, sessions: COUNT };
    expect(await summary(file)).toMatchObject([first]);
    const rename = (hours: number) => {
      const start = Date.now() - hours * HOUR_MS;
      expect(api.handle.change({ nth: 0, start }, { name: "Ada", tags: ["new", 'a "b"'] })).toHaveLength(1);
    };
    rename(5);
    grow(7);
    const before = api.stats.requests;
    expect(await summary(file)).toMatchObject([{ new: 7, changed: 1, gone: 0, sessions: COUNT + 7 }]);
    expect(api.stats.requests - before).toBeLessThan(COUNT / 100);
    const { ino } = await stat(path(file));
    expect(await summary(file)).toMatchObject([{ new: 0, changed: 0, sessions: COUNT + 7 }]);
    // Nothing was new, so the file is still the same one.
    expect((await stat(path(file))).ino).toBe(ino);
    await whole(file);

    expect(api.handle.remove({ nth: 0 })).toHaveLength(1);
    rename(4);
    expect(await summary(file, { args: ["--full"] })).toMatchObject([
      { written: COUNT + 6, new: 0, changed: 1, gone: 1, sessions: COUNT + 6 },
    ]);
    await whole(file);
  }),
);

it("An earlier start brings what is older with --full alone, and that is said", () =>
  atWork({ generated: recent(COUNT) }, async ({ done, rows, brings }) => {
    await done("a.csv", { args: ["--start-date", "5d"] });
    const some = (await rows("a.csv")).length;
    expect(some).toBeLessThan(COUNT / 2);
    const { stderr } = await done("a.csv", { args: ["--start-date", "30d"] });
    expect(stderr).toMatch(/ sessions of .* are not read\. Run with --full to bring them\.\n/);
    expect((await rows("a.csv")).length).toBe(some);
    await brings("a.csv", { args: ["--start-date", "30d", "--full"] });
  }));
