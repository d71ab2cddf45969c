/** Whatever an export is at when it is killed, the next ones make up for it. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { expectedRecord, withoutKey } from "../expected-record.ts";
import { expectAll, rowsIn, textOf } from "./contents.ts";
import { atWork, type ExportChoice, recent, type Workplace } from "./workplace.ts";

const HOOK = join(__dirname, "kill-hook.cjs");
/** More than one commit. */
const MANY = 11_000;
const FEW = 300;
const NUM_RUNS = Number(process.env["PROCESS_RUNS"] ?? 2);
/** For a part of a sweep alone: it begins at this operation. */
const FIRST_KILL = Number(process.env["FIRST_KILL"] ?? 1);
/** Of so many operations one is swept, for each export takes seconds; 1 leaves none out, and takes an hour. */
const KILL_EVERY = Number(process.env["KILL_EVERY"] ?? 15);
const PATIENCE_MS = 3_600_000;

/** When an export is killed that comes to an operation: a part of all of them, from 0 to 1. */
const HOW = ["before", "during", "after"] as const;
const kills = fc.array(
  fc.record({ part: fc.double({ min: 0, max: 0.999, noNaN: true }), how: fc.constantFrom(...HOW) }),
  { minLength: 1, maxLength: 3 },
);

/** How many operations an export takes that nothing happens to. */
async function operationsOf({ path, done }: Workplace, file: string, choice: ExportChoice): Promise<number> {
  const env = { KILL_COUNT: path("count") };
  await done(file, { ...choice, options: { nodeArgs: ["--require", HOOK], env } });
  const operations = Number(await readFile(path("count"), "utf8"));
  expect(operations).toBeGreaterThan(10);
  return operations;
}

/** Exports, killed at some operation; it may end before that. @returns whether it was killed */
async function killed(
  { run }: Workplace,
  file: string,
  [at, how]: readonly [number, (typeof HOW)[number]],
  { args = [], ...choice }: ExportChoice = {},
): Promise<boolean> {
  const options = { nodeArgs: ["--require", HOOK], env: { KILL_AT: String(at), KILL_HOW: how } };
  const { code, signal, stderr } = await run(file, { ...choice, options, args: [...args, "--quiet"] });
  if (signal !== "SIGKILL") expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return signal === "SIGKILL";
}

/** Expects every session that there is, once and as it is now; there may be others, which are gone by now. */
async function expectNoneLacks({ api, path }: Workplace, file: string): Promise<void> {
  const rows = await rowsIn(path(file));
  const found = new Set(rows.map((row) => textOf(withoutKey(row))));
  const truth = [...api.handle.truth()].map(({ row }) => textOf(expectedRecord(row)));
  expect(truth.filter((text) => !found.has(text)).slice(0, 3)).toEqual([]);
  expect(new Set(rows.map(({ sessionKey }) => sessionKey)).size).toBe(rows.length);
}

/** Expects the next export to make up for those that were killed. */
async function expectMadeUpFor(place: Workplace, file: string, isFull: boolean): Promise<void> {
  const { api, folder, path, done } = place;
  await done(file);
  await expectNoneLacks(place, file);
  if (isFull) await done(file, { args: ["--full"] });
  expectAll(api, await rowsIn(path(file)));
  const known = ["config.json", "count", file, ...(file.endsWith(".duckdb") ? [] : [`${file}.duckdb`])];
  expect((await readdir(folder)).filter((name) => !known.includes(name))).toEqual([]);
}

/** A session comes, one goes on, and with --full one is gone. */
function letTimePass({ api: { handle } }: Workplace, number: number, isFull: boolean): void {
  const { to } = recent(0);
  handle.appendGenerated(1, to, to + 30_000);
  handle.change({ nth: 0, start: to - 3_600_000 }, { name: `Ada ${number}` });
  if (isFull) handle.remove({ nth: number % 50 });
}

describe.each([
  ["a second export", "a.duckdb", []],
  ["a second export", "a.csv", []],
  ["--full", "a.duckdb", ["--full"]],
  ["--full", "a.csv", ["--full"]],
])("%s into %s", (_what, file, args) => {
  it(
    "equals the API after it was killed before, during and after its operations",
    async () => {
      await atWork({ generated: recent(FEW, 2) }, async (place) => {
        await place.done(file);
        letTimePass(place, 0, args.length > 0);
        const operations = await operationsOf(place, file, { args });
        let hits = 0;
        for (let at = FIRST_KILL; at <= operations; at += KILL_EVERY) {
          for (const how of HOW) {
            letTimePass(place, at, args.length > 0);
            hits += Number(await killed(place, file, [at, how], { args }));
          }
          await expectMadeUpFor(place, file, args.length > 0);
        }
        process.stderr.write(`${file} ${args.join()}: ${operations} operations, killed ${hits} times\n`);
        expect(hits).toBeGreaterThan(operations / KILL_EVERY);
      });
    },
    PATIENCE_MS,
  );
});

describe.each(["a.duckdb", "a.csv"])("a first export into %s", (file) => {
  it(
    "equals the API after exports that were killed at any operation",
    async () => {
      const property = fc.asyncProperty(kills, async (cuts) => {
        await atWork({ generated: recent(MANY) }, async (place) => {
          const operations = await operationsOf(place, "other.duckdb", {});
          for (const { part, how } of cuts)
            await killed(place, file, [1 + Math.floor(part * operations), how]);
          await place.done(file);
          expectAll(place.api, await rowsIn(place.path(file)));
        });
      });
      await fc.assert(property, { numRuns: NUM_RUNS, endOnFailure: true });
    },
    PATIENCE_MS,
  );

  it(
    "has all sessions of a set that moved while exports were killed",
    async () => {
      const drifts = fc.record({
        every: fc.constantFrom(3, 7, 20),
        insert: fc.constantFrom(1, 30),
        remove: fc.constantFrom(0, 1, 30),
        where: fc.constantFrom("head" as const, "tail" as const, "anywhere" as const),
      });
      const property = fc.asyncProperty(kills, drifts, async (cuts, drift) => {
        const { from } = recent(FEW);
        // A day before the first of them: a lookback of 1,000 hours reaches it.
        const config = { start_date: `${new Date(from - 86_400_000).toISOString().slice(0, 19)}Z` };
        await atWork({ generated: recent(8 * FEW), drift }, async (place) => {
          const operations = await operationsOf(place, "other.duckdb", { config });
          for (const { part, how } of cuts)
            await killed(place, file, [1 + Math.floor(part * operations), how], { config });
          place.api.handle.setDrift([]);
          // The first goes on with what was cut off. The second looks for all that came late, behind where others read.
          await place.done(file, { config });
          await place.done(file, { config: { ...config, lookback_window_hours: 1000 } });
          await expectNoneLacks(place, file);
        });
      });
      await fc.assert(property, { numRuns: NUM_RUNS, endOnFailure: true });
    },
    PATIENCE_MS,
  );
});
