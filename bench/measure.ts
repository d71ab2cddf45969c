import { rm } from "node:fs/promises";
import { EXPORT_PATH } from "../integration_tests/fake-api/endpoints.ts";
import { KEYS } from "../integration_tests/fake-api/test-client.ts";
import { MAIN } from "../integration_tests/program.ts";
import { bareFetch, ourExport, ours, type Program, type ProgramName } from "./programs.ts";
import { type Command, type Run, run } from "./run.ts";
import { type StandIn, selectColumns, withStandIn, writePages } from "./stand-in.ts";

/** A set at rest, and how often each program reads it. */
export interface SetPlan {
  readonly sessions: number;
  readonly latencyMs: number;
  readonly rounds: number;
}

/** What is measured with one version of Node.js. */
export interface Plan {
  /** The cost of the programs themselves. */
  readonly fast: SetPlan;
  /** What matters with a real API. */
  readonly slow: SetPlan;
  /** Whether memory grows. */
  readonly many: SetPlan;
  readonly startRounds: number;
}

/** What docs/benchmarks.md is made of. */
export const FULL: Plan = {
  fast: { sessions: 100_000, latencyMs: 0, rounds: 5 },
  slow: { sessions: 40_000, latencyMs: 20, rounds: 3 },
  many: { sessions: 1_000_000, latencyMs: 0, rounds: 1 },
  startRounds: 25,
};

/** What takes two or three minutes. */
export const SHORT: Plan = {
  fast: { ...FULL.fast, rounds: 2 },
  slow: { ...FULL.slow, rounds: 1 },
  many: { ...FULL.many, sessions: 200_000 },
  startRounds: 15,
};

/** To try the bench itself: its figures mean nothing. */
export const TRIAL: Plan = {
  fast: { sessions: 3000, latencyMs: 0, rounds: 2 },
  slow: { sessions: 2000, latencyMs: 20, rounds: 1 },
  many: { sessions: 5000, latencyMs: 0, rounds: 1 },
  startRounds: 3,
};

/** One program's read of a whole set. */
export interface ReadRun extends Run {
  readonly requests: number;
}

/** The runs of each program, one a round. */
export type Runs = ReadonlyMap<ProgramName, readonly ReadRun[]>;

/** What is started cold. */
export type StartName = "node -e 0" | "source-browsee check" | `${ProgramName} spec`;

/** All that is measured with one version of Node.js. */
export interface Measured {
  /** Of Node.js. */
  readonly version: string;
  readonly fast: Runs;
  readonly slow: Runs;
  readonly many: Runs;
  /** Wall clock of `check` is less what its request takes. */
  readonly starts: ReadonlyMap<StartName, readonly Run[]>;
  /** Fields asked for beyond the selected columns and those that the key is made of. */
  readonly fieldsTooMany: readonly string[];
}

const RECORD = Buffer.from('"type":"RECORD"');
const PAGE = 100;
const COLUMNS = ["userId", "duration"];
/** What sessionKey is made of, and the cursor, which is among it. */
const KEY_FIELDS = "timestamp ip domain landingPage referrer browser os device isMobile".split(" ");

/**
 * @param node the path of a Node.js
 * @param others whatever is measured beside this repository's programs
 * @param tell is told what is being done
 * @throws Error if a program fails, or does not read all sessions
 */
export async function measure(
  node: string,
  plan: Plan,
  others: readonly Program[],
  tell: (what: string) => void,
): Promise<Measured> {
  let version = "";
  await succeed({ argv: [node, "--version"] }, (line) => {
    version = line.toString().replace("v", "");
  });
  const told = (what: string) => tell(`Node.js ${version}: ${what}`);
  told("cold starts");
  const starts = await measureStarts(node, plan.startRounds, others);
  told("no latency");
  const fast = await measureSet(plan.fast, node, [ourExport(node), ...others]);
  told("latency");
  const slow = await measureSet(plan.slow, node, others);
  told("many sessions");
  const many = await withStandIn(plan.many.sessions, {}, (standIn) =>
    readInTurn(plan.many, standIn, [ours(node), ourExport(node)]),
  );
  return { version, fast, slow, many, starts, fieldsTooMany: await fieldsTooMany(ours(node)) };
}

/** Has programs read the same set: the bare fetch asks for what this repository's has asked for before. */
function measureSet(plan: SetPlan, node: string, others: readonly Program[]): Promise<Runs> {
  return withStandIn(plan.sessions, { latencyMs: plan.latencyMs }, async (standIn) => {
    const us = ours(node);
    await succeed(us.read(standIn.files));
    await writePages(standIn, (await standIn.seen()).requests);
    return readInTurn(plan, standIn, [bareFetch(node), us, ...others]);
  });
}

/** Another one is first in each round, so that none always runs behind the same other. */
async function readInTurn(
  { sessions, rounds }: SetPlan,
  standIn: StandIn,
  programs: readonly Program[],
): Promise<Runs> {
  const runs = new Map<ProgramName, ReadRun[]>(programs.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    const first = round % programs.length;
    for (const program of [...programs.slice(first), ...programs.slice(0, first)]) {
      runs.get(program.name)?.push(await readOnce(program, standIn, sessions));
    }
  }
  return runs;
}

async function readOnce({ name, read, spec }: Program, standIn: StandIn, sessions: number): Promise<ReadRun> {
  await rm(standIn.files.store, { force: true });
  await standIn.seen();
  let records = 0;
  const ran = await succeed(read(standIn.files), (line) => {
    if (line.includes(RECORD)) records += 1;
  });
  const requests = (await standIn.seen()).requests.length;
  if (requests * PAGE < sessions || (spec !== undefined && records !== sessions)) {
    throw new Error(`${name} read ${records} of ${sessions} sessions with ${requests} requests`);
  }
  return { ...ran, requests };
}

function measureStarts(
  node: string,
  rounds: number,
  others: readonly Program[],
): Promise<Measured["starts"]> {
  return withStandIn(1000, {}, async ({ url, files }) => {
    const commands = new Map<StartName, Command>([
      ["node -e 0", { argv: [node, "-e", "0"] }],
      ["source-browsee check", { argv: [node, MAIN, "check", "--config", files.config] }],
    ]);
    for (const { name, spec } of [ours(node), ...others]) {
      if (spec !== undefined) commands.set(`${name} spec`, spec);
    }
    const runs = new Map<StartName, Run[]>([...commands.keys()].map((name) => [name, []]));
    const requestMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      for (const [name, command] of commands) runs.get(name)?.push(await succeed(command));
      requestMs.push(await requestTime(url));
    }
    const least = Math.min(...requestMs);
    const checks = runs.get("source-browsee check") ?? [];
    return runs.set(
      "source-browsee check",
      checks.map((ran) => ({ ...ran, wallMs: ran.wallMs - least })),
    );
  });
}

/** What a request such as check's takes a client that is running already, ms. */
async function requestTime(url: string): Promise<number> {
  const body = JSON.stringify({ ...KEYS, start: 1, end: 3601, from: 0, limit: 1 });
  const begun = performance.now();
  await (await fetch(url + EXPORT_PATH, { method: "POST", body, headers: { connection: "close" } })).text();
  return performance.now() - begun;
}

function fieldsTooMany(us: Program): Promise<readonly string[]> {
  return withStandIn(1000, {}, async ({ files, seen }) => {
    await selectColumns(files, COLUMNS);
    await succeed(us.read(files));
    // Without select, all fields are asked for.
    const asked = (await seen()).requests.flatMap(({ select }) => select ?? ["(all)"]);
    return [...new Set(asked)].filter((field) => ![...KEY_FIELDS, ...COLUMNS].includes(field));
  });
}

async function succeed(command: Command, takeLine?: (line: Buffer) => void): Promise<Run> {
  let last: Buffer | undefined;
  const ran = await run(command, (line) => {
    last = line;
    takeLine?.(line);
  });
  if (ran.code === 0) return ran;
  throw new Error(`${command.argv.join(" ")}: exit code ${ran.code}\n${last?.toString()}\n${ran.stderr}`);
}
