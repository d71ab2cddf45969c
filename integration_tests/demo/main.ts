/** `npm run demo`: the built program at work on an invented website. No account needed. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join, relative } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { configFor, runConnector } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import { inFolder, writeInputFiles } from "../input-files.ts";
import { MAIN } from "../program.ts";
import { answerQuestions } from "./questions.ts";

const SESSIONS = 5000;
const NEW_SESSIONS = 42;
const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;

const database = relative(process.cwd(), join(__dirname, "..", "..", "demo.duckdb"));

const WITH_YOUR_KEYS = `That was all. The table is in ${database}. With your own keys:

  export BROWSEE_API_KEY=… BROWSEE_SECRET_KEY=…
  node dist/main.js export --to sessions.duckdb --start-date 30d

docs/standalone.md has the rest: other forms, cron, charts. README.md says how to run it in Airbyte.`;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @throws Error if something is not as the demo promises */
function expectEqual(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: ${expected} expected, but found ${found}`);
}

async function demo(api: FakeApi): Promise<void> {
  const config = configFor(api);
  const count = SESSIONS.toLocaleString("en");
  say(`A stand-in for Browsee's API runs at ${api.url}: ${count} invented sessions of the last 30 days.\n`);
  await tryKeys(config);
  await inFolder(async (temporary) => {
    const args = await writeInputFiles(temporary, { config });
    await bring(args, { new: SESSIONS, changed: 0, sessions: SESSIONS });
    say("\nThree questions to the table, in SQL:\n");
    await answerQuestions(database, say);
    await letTimePass(api);
    await bring(args, { new: NEW_SESSIONS, changed: 1, sessions: SESSIONS + NEW_SESSIONS });
  });
  expectEqual("requests open at the same time", api.stats.maxOpen, 1);
  say(`\n${WITH_YOUR_KEYS}`);
}

async function tryKeys(config: object): Promise<void> {
  say("> node dist/main.js check");
  const { messages } = await runConnector("check", { config });
  const statuses = messages.flatMap((message) =>
    message.type === "CONNECTION_STATUS" ? message.connectionStatus.status : [],
  );
  expectEqual("status of check", statuses.join(), "SUCCEEDED");
  say("Browsee takes these keys.\n");
}

/** Exports into the database. @param promised what the summary must say @throws Error if it says anything else */
async function bring(args: readonly string[], promised: Readonly<Record<string, number>>): Promise<void> {
  say(`> node dist/main.js export --to ${database}`);
  const all = [MAIN, "export", ...args, "--to", database, "--json"];
  // On a terminal, the bar and the chart are drawn right there.
  const child = spawn(process.execPath, all, { stdio: ["ignore", "pipe", "inherit"] });
  const [json, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  expectEqual("exit code of export", code, 0);
  const { streams }: { streams: readonly Readonly<Record<string, unknown>>[] } = JSON.parse(json);
  for (const [name, number] of Object.entries(promised)) expectEqual(name, streams[0]?.[name], number);
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
    `Time passes: ${NEW_SESSIONS} more visitors come, and one who was there six hours ago signs up. The same\ncommand again brings just those.\n`,
  );
}

async function main(): Promise<void> {
  for (const file of [database, `${database}.wal`]) rmSync(file, { force: true });
  // A minute back, so that all of them have started before the first sync begins.
  const api = await startFakeApi({ generated: { count: SESSIONS, to: Date.now() - 60 * SECOND_MS } });
  try {
    await demo(api);
  } finally {
    await api.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`The demo failed. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
