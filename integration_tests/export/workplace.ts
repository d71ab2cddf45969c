/** Runs of the built program's `export` against a stand-in, with a folder for what comes out. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { configFor } from "../connector.ts";
import type { FakeApiOptions } from "../fake-api/options.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { expectNoSecret } from "../faults/secrets.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { type Run, type Running, type RunOptions, startProgram } from "../program.ts";
import { execute, expectAll, query, type Row, rowsIn } from "./contents.ts";

const DAY_MS = 86_400_000;
/** Hardly any patience with an API that fails, so that tests are quick. */
const HASTY = { request_timeout_seconds: 60, retry_deadline_seconds: 60 };
/** One of each kind: all that is not a database is made in the same way. */
export const FORMS = ["a.duckdb", "a.csv"] as const;
/** One of each form that is written in a way of its own. */
export const ALL_FORMS = [...FORMS, "a.parquet", "a.ndjson"];
export const FEW = { generated: recent(120) };

/** How to export, besides where to. */
export interface ExportChoice {
  readonly args?: readonly string[];
  /** Fields of the configuration besides, or instead. */
  readonly config?: object;
  readonly options?: RunOptions;
}

const NO_RIGHTS = process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] : [];
/** Permissions count, for root too. */
export const UNPRIVILEGED: ExportChoice = { options: { through: NO_RIGHTS } };

/** For `through`: no file may grow larger. @param kb units of 1,024 bytes */
export function smallFiles(kb: number): readonly string[] {
  return ["bash", "-c", `ulimit -f ${kb} && exec "$@"`, "bash"];
}

/** A stand-in, and a folder. */
export type Workplace = ReturnType<typeof workplace>;

/** What is said of a stream. */
type StreamJson = Readonly<Record<string, unknown>>;

interface Summary {
  readonly streams?: readonly StreamJson[];
  readonly error?: { readonly code?: string };
}

/** Generated sessions of the last so many days; the last of them a minute old, so that the first export has all. */
export function recent(count: number, days = 20): { count: number; from: number; to: number } {
  const to = Date.now() - 60_000;
  return { count, from: to - days * DAY_MS, to };
}

/** Does some work with a stand-in and a folder, which are gone afterwards. */
export async function atWork(
  apiOptions: FakeApiOptions,
  work: (place: Workplace) => Promise<void>,
): Promise<void> {
  const api = await startFakeApi(apiOptions);
  try {
    await inFolder((folder) => work(workplace(api, folder)));
  } finally {
    await api.close();
  }
}

function workplace(api: FakeApi, folder: string) {
  /** A path in the folder. */
  const path = (name: string) => join(folder, name);
  /** Rows of a file in the folder. @param table in a database */
  const rows = (name: string, table?: string): Promise<readonly Row[]> => rowsIn(path(name), table);
  /** Expects a file to hold all sessions of the stand-in, each once, as it is now. */
  const whole = async (name: string) => expectAll(api, await rows(name));
  const run = commands(api, folder);
  return {
    api,
    folder,
    path,
    /** Permissions of a file in the folder, octal. */
    mode: async (name: string) => ((await stat(path(name))).mode & 0o777).toString(8),
    /** Names of what is in the folder but for the configuration, sorted. */
    files: async () => (await readdir(folder)).filter((name) => name !== "config.json").sort(),
    /** Adds sessions of the last minute to the stand-in. */
    grow(count: number): void {
      const { to } = recent(0);
      api.handle.appendGenerated(count, to, to + 30_000);
    },
    rows,
    query: (name: string, sql: string) => query(path(name), sql),
    execute: (name: string, sql: string) => execute(path(name), sql),
    whole,
    ...run,
    /** Exports, and expects it to be done and the file to hold all sessions. @throws Error as `run` does */
    async brings(to: string, choice?: ExportChoice): Promise<Run> {
      const ended = await run.done(to, choice);
      await whole(to);
      return ended;
    },
  };
}

/** The program's commands on files of a folder. */
function commands(api: FakeApi, folder: string) {
  async function command(target: readonly string[], choice: ExportChoice = {}): Promise<Running> {
    const { args = [], config, options } = choice;
    const files = { config: configFor(api, { ...HASTY, ...config }) };
    return startProgram([...target, ...(await writeInputFiles(folder, files)), ...args], options);
  }
  /** Starts an export into a file of the folder, or to "-". Its output may be anything. */
  function start(to: string, choice?: ExportChoice): Promise<Running> {
    return command(["export", "--to", to === "-" ? to : join(folder, to)], choice);
  }
  /** Exports, and waits for the end. @throws Error where any form of a key stands in the output */
  async function run(to: string, choice?: ExportChoice): Promise<Run> {
    const ended = await (await start(to, choice)).ended;
    expectNoSecret(ended);
    return ended;
  }
  /** Exports, and expects it to be done. @throws Error as `run` does */
  async function done(to: string, choice?: ExportChoice): Promise<Run> {
    const ended = await run(to, choice);
    const { code, signal, rest, stderr } = ended;
    // Where it is not, what it said is what one wants to see.
    expect({ code, signal, rest, ...(code !== 0 && { stderr }) }).toEqual({
      code: 0,
      signal: null,
      rest: "",
    });
    return ended;
  }
  /** Exports, and expects a failure with these words, of which stdout has nothing. @throws Error as `run` does */
  async function fails(to: string, words: string | RegExp, choice?: ExportChoice): Promise<string> {
    const { code, lines, stderr } = await run(to, choice);
    if (typeof words === "string") expect(stderr).toContain(words);
    else expect(stderr).toMatch(words);
    expect({ code, lines }).toEqual({ code: 1, lines: [] });
    return stderr;
  }
  /** Exports with --json, and expects it to be done. @returns what the summary says of each stream */
  async function summary(to: string, choice: ExportChoice = {}): Promise<readonly StreamJson[]> {
    const { lines } = await done(to, { ...choice, args: [...(choice.args ?? []), "--json"] });
    return jsonOf(lines).streams ?? [];
  }
  /** Verifies with --json. @returns the exit code, what is said of each stream, the error's code, what a person is told */
  async function verify(file: string, choice: ExportChoice = {}) {
    const path = file === "-" ? file : join(folder, file);
    const running = await command(["verify", path, "--json"], choice);
    const ended = await running.ended;
    expectNoSecret(ended);
    const { code, lines, stderr } = ended;
    const { streams = [], error } = jsonOf(lines);
    return { code, streams, error: error?.code, stderr };
  }
  return { start, run, done, fails, summary, verify };
}

/** The database that keeps the progress of an export. */
export function storeOf(to: string): string {
  return to.endsWith(".duckdb") ? to : `${to}.duckdb`;
}

/** What --json has printed: one object. @param lines of stdout */
export function jsonOf(lines: readonly string[]): Summary {
  expect(lines).toHaveLength(1);
  return JSON.parse(lines.join());
}

/** Every file of the folder with its bytes, but for the configuration, which each run writes anew. */
async function filesOf(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const read = async (name: string) => [name, (await readFile(`${folder}/${name}`)).toString("latin1")];
  return { ...Object.fromEntries(await Promise.all(names.map(read))), "config.json": "" };
}

/** Expects an export to be refused with one sentence, and all files of the folder to stay as they are. */
export async function expectRefused(
  { fails, folder }: Workplace,
  to: string,
  words: string,
  choice: ExportChoice = {},
): Promise<void> {
  const before = await filesOf(folder);
  const stderr = await fails(to, words, { ...choice, args: [...(choice.args ?? []), "--quiet"] });
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(await filesOf(folder)).toEqual(before);
}
