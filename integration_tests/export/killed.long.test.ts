/** Whatever an export is at when it is killed, the next ones make up for it. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { expectedRecord, withoutKey } from "../expected-record.ts";
import type { FakeApi } from "../fake-api/server.ts";
import type { RunOptions } from "../program.ts";
import { expectAll, type Row, rowsIn, textOf } from "./contents.ts";
import { atWork, type ExportChoice, recent, type Workplace } from "./workplace.ts";

const HOOK = join(__dirname, "kill-hook.cjs");
/** A database is killed between its commits too, each of 10,000; what goes on from there is the same for all. */
const COUNTS: Readonly<Record<string, number>> = { "a.duckdb": 11_000 };
const FEW = 2500;
const NEW = 30;
/** A day before the first of them: a lookback of 1,000 hours reaches it. */
const START = `${new Date(recent(FEW).from - 86_400_000).toISOString().slice(0, 19)}Z`;
/** About as many operations as bringing them takes. */
const FEW_OPERATIONS = 40;
const NUM_RUNS = Number(process.env["PROCESS_RUNS"] ?? 2);
const PATIENCE_MS = 900_000;

/** At which of its operations an export is killed, as a part of all of them, and how. */
interface Kill {
  readonly part: number;
  readonly how: "before" | "during" | "after";
}

const kills: fc.Arbitrary<readonly Kill[]> = fc.array(
  fc.record({
    part: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    how: fc.constantFrom("before" as const, "during" as const, "after" as const),
  }),
  { minLength: 1, maxLength: 3 },
);

function hooked(env: Readonly<Record<string, string>>): RunOptions {
  return { nodeArgs: ["--require", HOOK], env };
}

/** How many operations an export takes that nothing happens to. */
async function operationsOf(file: string): Promise<number> {
  let operations = 0;
  await atWork({ generated: recent(COUNTS[file] ?? FEW) }, async ({ path, done }) => {
    await done(file, { options: hooked({ KILL_COUNT: path("count") }) });
    operations = Number(await readFile(path("count"), "utf8"));
  });
  expect(operations).toBeGreaterThan(10);
  return operations;
}

/** Exports, killed at some operation; it may end before that. @returns whether it was killed */
async function killed(
  { run }: Workplace,
  file: string,
  { part, how }: Kill,
  operations: number,
  choice: ExportChoice = {},
): Promise<boolean> {
  const options = hooked({ KILL_AT: String(1 + Math.floor(part * operations)), KILL_HOW: how });
  const { code, signal, stderr } = await run(file, {
    ...choice,
    options,
    args: [...(choice.args ?? []), "--quiet"],
  });
  if (signal !== "SIGKILL") expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return signal === "SIGKILL";
}

async function expectTidy({ folder }: Workplace, file: string): Promise<void> {
  const known = ["config.json", file, ...(file.endsWith(".duckdb") ? [] : [`${file}.duckdb`])];
  expect((await readdir(folder)).sort()).toEqual(known.sort());
}

describe.each(["a.duckdb", "a.csv"])("%s", (file) => {
  it(
    "equals the API after exports that were killed at any operation",
    async () => {
      const operations = await operationsOf(file);
      let hits = 0;
      const property = fc.asyncProperty(kills, kills, fc.boolean(), async (first, later, full) => {
        await atWork({ generated: recent(COUNTS[file] ?? FEW) }, async (place) => {
          const { api, path, done } = place;
          for (const kill of first) hits += Number(await killed(place, file, kill, operations));
          await done(file);
          expectAll(api, await rowsIn(path(file)));
          const { to } = recent(0);
          api.handle.appendGenerated(NEW, to, to + 30_000);
          // A full export that was cut off is gone on with by whatever comes next.
          const cut = full
            ? (kill: Kill) => killed(place, file, kill, operations, { args: ["--full"] })
            : (kill: Kill) => killed(place, file, kill, FEW_OPERATIONS);
          for (const kill of later) hits += Number(await cut(kill));
          await done(file);
          expectAll(api, await rowsIn(path(file)));
          await expectTidy(place, file);
        });
      });
      await fc.assert(property, { numRuns: NUM_RUNS, endOnFailure: true });
      expect(hits).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );

  it(
    "has all sessions of a set that moved while exports were killed",
    async () => {
      const operations = await operationsOf(file);
      const drifts = fc.record({
        every: fc.constantFrom(3, 7, 20),
        insert: fc.constantFrom(1, 30),
        remove: fc.constantFrom(0, 1, 30),
        where: fc.constantFrom("head" as const, "tail" as const, "anywhere" as const),
      });
      const property = fc.asyncProperty(kills, drifts, async (cuts, drift) => {
        await atWork({ generated: recent(FEW), drift }, async (place) => {
          const { api, path, done } = place;
          const config = { start_date: START };
          for (const cut of cuts) await killed(place, file, cut, operations, { config });
          api.handle.setDrift([]);
          // The first goes on with what was cut off. The second looks for all that came late, behind where others read.
          await done(file, { config });
          await done(file, { config: { ...config, lookback_window_hours: 1000 } });
          const rows = await rowsIn(path(file));
          expectNoneLacks(api, rows);
          expect(new Set(rows.map(({ sessionKey }) => sessionKey)).size).toBe(rows.length);
        });
      });
      await fc.assert(property, { numRuns: NUM_RUNS, endOnFailure: true });
    },
    PATIENCE_MS,
  );
});

/** Expects every session that there is, as it is now; there may be others, which are gone by now. */
function expectNoneLacks(api: FakeApi, rows: readonly Row[]): void {
  const found = new Set(rows.map((row) => textOf(withoutKey(row))));
  const truth = [...api.handle.truth()].map(({ row }) => textOf(expectedRecord(row)));
  expect(truth.filter((text) => !found.has(text)).slice(0, 3)).toEqual([]);
}
