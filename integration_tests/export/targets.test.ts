/** Paths that can't be exported to: a sentence that says why, exit 1, and nothing harmed. */
import { chmod, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { rowsIn } from "./contents.ts";
import { expectRefused } from "./refused.ts";
import { atWork, recent, UNPRIVILEGED } from "./workplace.ts";

const FORMS = ["a.duckdb", "a.parquet", "a.csv", "a.ndjson"] as const;
const FEW = { generated: recent(120) };

describe.each(FORMS)("%s", (file) => {
  it("in a folder that is missing", async () => {
    await atWork(FEW, async (place) => {
      const sentence = `The folder ${place.path("missing")} does not exist. Create it, or choose another path.`;
      await expectRefused(place, `missing/${file}`, sentence);
    });
  });

  it("in what is no folder", async () => {
    await atWork(FEW, async (place) => {
      await writeFile(place.path("plain"), "text");
      await expectRefused(place, `plain/${file}`, `The folder ${place.path("plain")} does not exist.`);
    });
  });

  it("that is a folder", async () => {
    await atWork(FEW, async (place) => {
      await mkdir(place.path(file));
      await expectRefused(place, file, `${place.path(file)} is a folder. Name a file in it.`);
    });
  });

  it("whose folder may not be written to", async () => {
    await atWork(FEW, async (place) => {
      await mkdir(place.path("closed"), { mode: 0o555 });
      const words = `${place.path(`closed/${file}`)} can't be written: the permissions`;
      await expectRefused(place, `closed/${file}`, words, { options: { through: UNPRIVILEGED } });
      expect(await readdir(place.path("closed"))).toEqual([]);
    });
  });

  it("that may not be written to", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      await chmod(place.path(file), 0o444);
      place.api.handle.appendGenerated(5, recent(0).to, recent(0).to + 10_000);
      const choice = { options: { through: UNPRIVILEGED } };
      await expectRefused(place, file, `${place.path(file)} can't be written: the permissions`, choice);
      await chmod(place.path(file), 0o644);
      await place.done(file);
      expect((await rowsIn(place.path(file))).length).toBeGreaterThanOrEqual(125);
    });
  });

  it.each([
    ["bytes of any kind", Buffer.from(Array.from({ length: 20_000 }, (_, at) => (at * 7919) % 251))],
    ["a text of somebody's", "name,age\r\nAda,36\r\n"],
    ["one byte", "x"],
  ])("that holds %s", async (_what, content) => {
    await atWork(FEW, async (place) => {
      await writeFile(place.path(file), content);
      for (const args of [[], ["--full"]])
        await expectRefused(place, file, "It was left as it is; choose another path.", { args });
    });
  });

  it("that is empty is written to", async () => {
    await atWork(FEW, async ({ path, done }) => {
      await writeFile(path(file), "");
      await done(file);
      expect((await rowsIn(path(file))).length).toBe(120);
    });
  });

  it("with the sessions of another project", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      const config = { api_key: "another-key" };
      for (const args of [[], ["--full"]])
        await expectRefused(place, file, "holds the sessions of another project", { config, args });
    });
  });

  it("that is no file", async () => {
    await atWork(FEW, async (place) => {
      await symlink("/dev/null", place.path(file));
      await expectRefused(place, file, `${place.path(file)} is no file. Choose another path.`);
    });
  });
});

describe.each(["a.parquet", "a.csv", "a.ndjson"])("%s", (file) => {
  it("with a state that cannot be understood", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      for (const content of ["{", "null", "[]", '{"stream":"sessions"}']) {
        await writeFile(place.path(`${file}.state.json`), content);
        await expectRefused(place, file, `${file}.state.json was not written by this program`);
      }
    });
  });

  it("that somebody has changed", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      await writeFile(place.path(file), "more\n", { flag: "a" });
      await expectRefused(place, file, "was changed by another program since the last export");
    });
  });

  it("of another stream", async () => {
    await atWork(FEW, async (place) => {
      await place.done(file);
      const args = ["--segment", "mobile-visitors", "--stream", "segment_sessions"];
      await expectRefused(place, file, "holds the stream sessions, not segment_sessions.", { args });
    });
  });

  it("that was deleted is made anew", async () => {
    await atWork(FEW, async ({ path, done }) => {
      await done(file);
      await rm(path(file));
      const { stderr } = await done(file);
      expect(stderr).toContain(`${path(file)} is not there any more, so the export starts over.`);
      expect((await rowsIn(path(file))).length).toBe(120);
    });
  });
});
