/** Whatever an export is at when it is killed, the next ones make up for it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, jest } from "@jest/globals";
import fc from "fast-check";
import { expectNoneLacks } from "./contents.ts";
import { atWork, type ExportChoice, FORMS, recent, storeOf, type Workplace } from "./workplace.ts";

const HOOK = join(__dirname, "kill-hook.cjs");
/** More than one commit. */
const MANY = 11_000;
const FEW = 300;
const NUM_RUNS = Number(process.env["PROCESS_RUNS"] ?? 2);
/** For a part of a sweep alone: it begins at this operation. */
const FIRST_KILL = Number(process.env["FIRST_KILL"] ?? 1);
/** Of so many operations one is swept, for each export takes seconds; 1 leaves none out, and takes an hour. */
const KILL_EVERY = Number(process.env["KILL_EVERY"] ?? 15);
jest.setTimeout(3_600_000);

/** At which operation an export is killed, and when. */
type Cut = readonly [at: number, how: string];
const HOW = ["before", "during", "after"];
/** Where an export is killed: a part of all its operations, from 0 to 1. */
const part = fc.double({ min: 0, max: 0.999, noNaN: true });
const kills = fc.array(fc.tuple(part, fc.constantFrom(...HOW)), { minLength: 1, maxLength: 3 });
const drifts = fc.record({
  every: fc.constantFrom(3, 7, 20),
  insert: fc.constantFrom(1, 30),
  remove: fc.constantFrom(0, 1, 30),
  where: fc.constantFrom("head" as const, "tail" as const, "anywhere" as const),
});

/** How many operations an export takes that nothing happens to. */
async function operationsOf({ path, done }: Workplace, file: string, choice: ExportChoice): Promise<number> {
  const env = { KILL_COUNT: path("count") };
  await done(file, { ...choice, options: { nodeArgs: ["--require", HOOK], env } });
  const operations = Number(await readFile(path("count"), "utf8"));
  expect(operations).toBeGreaterThan(10);
  return operations;
}

/** Exports, killed at some operation; it may end before that. @returns whether it was killed */
async function killed({ run }: Workplace, file: string, [at, how]: Cut, choice: ExportChoice) {
  const options = { nodeArgs: ["--require", HOOK], env: { KILL_AT: String(at), KILL_HOW: how } };
  const args = [...(choice.args ?? []), "--quiet"];
  const { code, signal, stderr } = await run(file, { ...choice, options, args });
  if (signal !== "SIGKILL") expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return signal === "SIGKILL";
}

/** Expects the next export to make up for those that were killed. */
async function expectMadeUpFor(place: Workplace, file: string, args: readonly string[]): Promise<void> {
  await place.done(file);
  expectNoneLacks(place.api, await place.rows(file));
  if (args.length > 0) await place.brings(file, { args });
  expect(await place.files()).toEqual([...new Set([file, storeOf(file), "count"])].sort());
}

/** A session comes, one goes on, and with --full one is gone. */
function letTimePass({ api: { handle }, grow }: Workplace, number: number, isFull: boolean): void {
  grow(1);
  handle.change({ nth: 0, start: Date.now() - 3_660_000 }, { name: `Ada ${number}` });
  if (isFull) handle.remove({ nth: number % 50 });
}

const NEXT = FORMS.flatMap((file) => [[file, []] as const, [file, ["--full"]] as const]);
it.each(NEXT)(
  "A second export into %s with %j equals the API after any of its operations was killed",
  (file, args) =>
    atWork({ generated: recent(FEW, 2) }, async (place) => {
      const isFull = args.length > 0;
      await place.done(file);
      letTimePass(place, 0, isFull);
      const operations = await operationsOf(place, file, { args });
      let hits = 0;
      for (let at = FIRST_KILL; at <= operations; at += KILL_EVERY) {
        for (const how of HOW) {
          letTimePass(place, at, isFull);
          hits += Number(await killed(place, file, [at, how], { args }));
        }
        await expectMadeUpFor(place, file, args);
      }
      process.stderr.write(`${file} ${args.join()}: ${operations} operations, killed ${hits} times\n`);
      expect(hits).toBeGreaterThan(operations / KILL_EVERY);
    }),
);

it.each(FORMS.flatMap((file) => [[file, "rested"] as const, [file, "moved"] as const]))(
  "A first export into %s has all sessions of a set that %s while exports were killed at any operation",
  async (file, kind) => {
    const isMoving = kind === "moved";
    const property = fc.asyncProperty(kills, drifts, (cuts, drift) =>
      atWork({ generated: recent(isMoving ? 8 * FEW : MANY), ...(isMoving && { drift }) }, async (place) => {
        // A day before the first of them: a lookback of 1,000 hours reaches it.
        const start_date = new Date(recent(FEW).from - 86_400_000).toISOString().replace(/\.\d+/, "");
        const config = { start_date };
        const operations = await operationsOf(place, "other.duckdb", { config });
        for (const [at, how] of cuts)
          await killed(place, file, [1 + Math.floor(at * operations), how], { config });
        place.api.handle.setDrift([]);
        // This goes on with what was cut off. A second one looks for all that came late, behind where others read.
        await place.done(file, { config });
        if (!isMoving) return place.whole(file);
        await place.done(file, { config: { ...config, lookback_window_hours: 1000 } });
        expectNoneLacks(place.api, await place.rows(file));
      }),
    );
    await fc.assert(property, { numRuns: NUM_RUNS, endOnFailure: true });
  },
);
