/** `npm run demo`: the built connector at work on an invented website. No account needed. */
import { setTimeout as delay } from "node:timers/promises";
import { type ConnectorRun, catalogOf, configFor, runConnector } from "../connector.ts";
import { type FakeApi, startFakeApi } from "../fake-api/server.ts";
import type { RecordMessage } from "../message.ts";

const SESSIONS = 5000;
const NEW_SESSIONS = 42;
const SECOND_MS = 1000;

const WITH_YOUR_KEYS = `
With your own keys: write them into config.json

  {"api_key": "…", "secret_key": "…"}

and run  node dist/main.js check --config config.json
README.md says how to go on, in Airbyte, in Python or on its own.
`;

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** @throws Error if something is not as the demo promises */
function expectEqual(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what}: ${expected} expected, but found ${found}`);
}

async function demo(api: FakeApi): Promise<void> {
  const config = configFor(api);
  say(`API       a stand-in for Browsee's, with ${SESSIONS} invented sessions of the last 30 days`);
  await check(config);
  await discover(config);
  const state = await firstRead(api, config);
  await newVisitors(api, Number(state?.stream.stream_state["timestamp"]));
  const fresh = await secondRead(api, config, state);
  say(`\nThree of them:\n${fresh.slice(0, 3).map(sessionText).join("\n")}`);
  say(WITH_YOUR_KEYS);
}

async function check(config: object): Promise<void> {
  const { messages } = await runConnector("check", { config });
  const [status] = messages.flatMap((message) =>
    message.type === "CONNECTION_STATUS" ? message.connectionStatus.status : [],
  );
  expectEqual("status of check", status, "SUCCEEDED");
  say("check     the keys are right");
}

async function discover(config: object): Promise<void> {
  const { messages } = await runConnector("discover", { config });
  const streams = messages.flatMap((message) => (message.type === "CATALOG" ? message.catalog.streams : []));
  expectEqual("streams", streams.map(({ name }) => name).join(), "sessions");
  const columns = Object.keys(streams[0]?.json_schema["properties"] ?? {});
  say(`discover  the stream "sessions" with ${columns.length} columns: ${columns.slice(0, 4).join(", ")} …`);
}

async function firstRead(api: FakeApi, config: object): Promise<ConnectorRun["states"][number] | undefined> {
  const { records, states, code } = await runConnector("read", { config, catalog: catalogOf() });
  expectEqual("exit code of read", code, 0);
  expectEqual("records of the first read", records.length, SESSIONS);
  expectEqual("distinct keys", new Set(records.map(({ data }) => data["sessionKey"])).size, SESSIONS);
  const { requests } = api.stats;
  say(
    `read      ${records.length} sessions in ${requests} requests, with ${states.length} checkpoints on the way`,
  );
  return states.at(-1);
}

/** @param reached Unix ms: how far the last read came */
async function newVisitors(api: FakeApi, reached: number): Promise<void> {
  // A read ends with the last whole second before it began: the second they come in must be over.
  await delay(Math.max(0, reached + SECOND_MS - Date.now()));
  api.handle.appendGenerated(NEW_SESSIONS, reached, reached + SECOND_MS);
  say(`API       ${NEW_SESSIONS} more visitors come`);
}

async function secondRead(
  api: FakeApi,
  config: object,
  state: object | undefined,
): Promise<readonly RecordMessage[]> {
  const before = api.stats.requests;
  const { records, code } = await runConnector("read", { config, catalog: catalogOf(), state: [state] });
  expectEqual("exit code of read", code, 0);
  expectEqual("records of the second read", records.length, NEW_SESSIONS);
  expectEqual("most requests open at a time", api.stats.maxOpen, 1);
  say(
    `read      ${records.length} sessions in ${api.stats.requests - before} requests: what is new, and no more`,
  );
  return records;
}

function sessionText({ data }: RecordMessage): string {
  const { startedAt, browser, os, city, country, landingPage } = data;
  return `  ${startedAt}  ${browser} on ${os}, ${[city, country].filter(Boolean).join(", ")}  ${landingPage}`;
}

async function main(): Promise<void> {
  // A minute back, so that all of them have started before the first read begins.
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
