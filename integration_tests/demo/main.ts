/** `npm run demo`: the built program at work on an invented website. No account needed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import wrapAnsi from "wrap-ansi";
import { configFor } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { answerQuestions, lastRun, type Promised } from "./questions.ts";

const SESSIONS = 5000;
const NEW_SESSIONS = 42;
const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;

const ROOT = join(__dirname, "..", "..");
const DATABASE = "demo.duckdb";
const CONFIG = "demo.json";
const WIDEST = 100;

const WITH_YOUR_KEYS = `That was all. The table is in ${DATABASE}. With your own keys:

  export BROWSEE_API_KEY=… BROWSEE_SECRET_KEY=…
  node dist/main.js check
  node dist/main.js export --to sessions.duckdb --start-date 30d

docs/standalone.md has the rest: other forms, cron, charts. README.md says how to run it in Airbyte.`;

/** Says something in lines that fit the terminal. */
function say(text: string): void {
  process.stdout.write(
    `${wrapAnsi(text, Math.min(WIDEST, process.stdout.columns ?? WIDEST), { trim: false })}\n`,
  );
}

/** @throws Error if something is not as the demo promises */
function expectEqual(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: ${expected} expected, but found ${found}`);
}

async function demo(api: FakeApi): Promise<void> {
  const count = SESSIONS.toLocaleString("en");
  say(
    `A stand-in for Browsee's API runs at ${api.url}: ${count} invented sessions of the last 30 days. Its address and keys stand in ${CONFIG}.\n`,
  );
  await run("check", "--config", CONFIG);
  await bring({ new: SESSIONS, changed: 0, sessions: SESSIONS });
  say("\nThree questions to the table, in SQL:\n");
  await answerQuestions(join(ROOT, DATABASE), say);
  await letTimePass(api);
  await bring({ new: NEW_SESSIONS, changed: 1, sessions: SESSIONS + NEW_SESSIONS });
  expectEqual("requests open at the same time", api.stats.maxOpen, 1);
  say(`\n${WITH_YOUR_KEYS}`);
}

/** Shows a command and runs it, with its output right there. @throws Error if it fails */
async function run(...args: readonly string[]): Promise<void> {
  say(`> node dist/main.js ${args.join(" ")}`);
  const child = spawn(process.execPath, ["dist/main.js", ...args], { cwd: ROOT, stdio: "inherit" });
  const [code] = await once(child, "exit");
  expectEqual(`exit code of ${args[0]}`, code, 0);
}

/** Exports into the database. @param promised of the run @throws Error if it is on record with anything else */
async function bring(promised: Promised): Promise<void> {
  say("");
  await run("export", "--config", CONFIG, "--to", DATABASE);
  const found = await lastRun(join(ROOT, DATABASE));
  for (const name of ["new", "changed", "sessions"] as const) expectEqual(name, found[name], promised[name]);
}

async function letTimePass(api: FakeApi): Promise<void> {
  // A sync ends with the last whole second before it began: the second in which they come must be over.
  const begins = Math.ceil(Date.now() / SECOND_MS) * SECOND_MS;
  await delay(begins + SECOND_MS - Date.now());
  api.handle.appendGenerated(NEW_SESSIONS, begins, begins + SECOND_MS);
  const start = begins - 6 * HOUR_MS;
  const named = { userId: "u-1815", name: "Ada", email: "ada@example.com" };
  api.handle.change({ nth: 0, start }, named);
  say(
    `Time passes: ${NEW_SESSIONS} more visitors come, and one who was there six hours ago signs up. The same command again brings just those.`,
  );
}

async function main(): Promise<void> {
  const files = [CONFIG, DATABASE, `${DATABASE}.wal`].map((name) => join(ROOT, name));
  for (const file of files) rmSync(file, { force: true });
  // A minute back, so that all of them have started before the first sync begins.
  const api = await startFakeApi({ generated: { count: SESSIONS, to: Date.now() - 60 * SECOND_MS } });
  try {
    writeFileSync(join(ROOT, CONFIG), JSON.stringify(configFor(api)));
    await demo(api);
  } finally {
    await api.close();
    rmSync(join(ROOT, CONFIG), { force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The demo failed. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
