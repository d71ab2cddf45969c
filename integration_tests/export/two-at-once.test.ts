/** Two exports into one file at once, and locks that nobody holds any more. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { describe, expect, it } from "@jest/globals";
import type { FakeApiOptions } from "../fake-api/options.ts";
import type { Running } from "../program.ts";
import { expectAll, rowsIn } from "./contents.ts";
import { atWork, recent, type Workplace } from "./workplace.ts";

const FORMS = ["a.duckdb", "a.parquet", "a.csv", "a.ndjson"] as const;
const FEW = { generated: recent(150) };

/** Exports until the first request, and halts the process before the answer. */
async function halted(
  file: string,
  work: (place: Workplace, first: Running) => Promise<void>,
): Promise<void> {
  let halt = () => undefined;
  const options: FakeApiOptions = { ...FEW, onRequest: (request) => (request === 1 ? halt() : undefined) };
  await atWork(options, async (place) => {
    const asked = new Promise<void>((resolve, reject) => {
      halt = () => {
        if (first.child.kill("SIGSTOP")) resolve();
        else reject(new Error("the export ended too soon"));
        return undefined;
      };
    });
    const first = await place.start(file);
    await asked;
    await work(place, first);
  });
}

async function locks({ folder }: Workplace): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".lock"));
}

/** The number of a process that has ended. */
async function endedProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid ?? 0;
}

describe.each(FORMS)("%s", (file) => {
  it("the second export says that the first is at work, and the first is not disturbed", async () => {
    await halted(file, async (place, first) => {
      const second = await place.run(file);
      expect(second.stderr).toBe(
        `Another export is at work on ${place.path(file)} (process ${first.child.pid} on ${hostname()}). Wait until it is done, then run this one again.\n`,
      );
      expect(second.code).toBe(1);
      expect(place.api.stats.requests).toBe(1);
      first.child.kill("SIGCONT");
      const { code, stderr } = await first.ended;
      expect({ code, ...(code !== 0 && { stderr }) }).toEqual({ code: 0 });
      expectAll(place.api, await rowsIn(place.path(file)));
      expect(await locks(place)).toEqual([]);
    });
  });

  it("a killed export's lock is taken over", async () => {
    await halted(file, async (place, first) => {
      first.child.kill("SIGKILL");
      expect((await first.ended).signal).toBe("SIGKILL");
      expect(await locks(place)).toEqual([`${file}.lock`]);
      await place.done(file);
      expectAll(place.api, await rowsIn(place.path(file)));
      expect(await locks(place)).toEqual([]);
    });
  });
});

describe("a lock", () => {
  const since = "2026-01-01T00:00:00.000Z";
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

  it.each([
    [
      "of a process that has ended",
      async () => JSON.stringify({ pid: await endedProcess(), host: hostname(), since }),
    ],
    ["that is empty", async () => ""],
    ["that is torn", async () => '{"pid":1,"ho'],
  ])("%s is taken over", async (_what, text) => {
    await atWork(FEW, async (place) => {
      await writeFile(place.path("a.csv.lock"), await text());
      await place.done("a.csv");
      expect(await locks(place)).toEqual([]);
    });
  });

  it("of another machine holds as long as it is renewed", async () => {
    await atWork(FEW, async (place) => {
      const lock = place.path("a.csv.lock");
      await writeFile(lock, JSON.stringify({ pid: 1, host: "elsewhere", since }));
      const { code, stderr } = await place.run("a.csv");
      expect(stderr).toContain("Another export is at work on ");
      expect(stderr).toContain("(process 1 on elsewhere)");
      expect(code).toBe(1);
      expect(await locks(place)).toEqual(["a.csv.lock"]);
      await utimes(lock, minutesAgo(2), minutesAgo(2));
      await place.done("a.csv");
      expect(await locks(place)).toEqual([]);
    });
  });

  it("that is taken away stops the export before it writes", async () => {
    await halted("a.csv", async (place, first) => {
      await writeFile(place.path("a.csv.lock"), JSON.stringify({ pid: 1, host: "elsewhere", since }));
      first.child.kill("SIGCONT");
      const { code, stderr } = await first.ended;
      expect(stderr).toContain(`Another export has taken over ${place.path("a.csv")}`);
      expect(code).toBe(1);
      expect((await readdir(place.folder)).sort()).toEqual(["a.csv.lock", "config.json"]);
    });
  });
});
