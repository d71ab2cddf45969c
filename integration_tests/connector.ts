/** Runs the program's commands against a stand-in API, and holds all that it writes against the protocol. */
import { createReadCheck } from "./check-read.ts";
import type { FakeApi } from "./fake-api/server.ts";
import { KEYS } from "./fake-api/test-client.ts";
import { type InputFiles, inFolder, writeInputFiles } from "./input-files.ts";
import type { Message, RecordMessage, StateMessage, TraceMessage } from "./message.ts";
import { parseMessages } from "./parse-messages.ts";
import { type Run, type RunOptions, runProgram } from "./program.ts";

/** A run that has ended, with its messages. */
export interface ConnectorRun extends Run {
  readonly messages: readonly Message[];
  readonly records: readonly RecordMessage[];
  readonly states: readonly StateMessage[];
  readonly errors: readonly NonNullable<TraceMessage["error"]>[];
  readonly logs: readonly string[];
}

/** The demo keys whole, and those parts of them that stand in no other word. */
const SECRETS = [KEYS.apiKey, KEYS.secretKey, "demo-api", "0123456", "demo-secret", "9876543"];

/** The commands of the Airbyte protocol. */
export type Command = "spec" | "check" | "discover" | "read";

/** A configuration for a stand-in with the demo keys. @param more fields besides, or instead */
export function configFor(api: Pick<FakeApi, "url">, more: object = {}): object {
  return { api_key: KEYS.apiKey, secret_key: KEYS.secretKey, api_url: api.url, ...more };
}

/** How a stream is configured. */
export interface StreamChoice {
  readonly syncMode?: "full_refresh" | "incremental";
  /** Columns; default all. */
  readonly columns?: readonly string[];
}

/** A configured catalog of streams by name, as the platform writes it. @param choices default: sessions, incremental */
export function catalogOf(choices: Readonly<Record<string, StreamChoice>> = { sessions: {} }): object {
  return {
    streams: Object.entries(choices).map(([name, { syncMode = "incremental", columns = [] }]) => ({
      stream: {
        name,
        json_schema: {
          type: "object",
          properties: Object.fromEntries(columns.map((column) => [column, {}])),
        },
        supported_sync_modes: ["full_refresh", "incremental"],
        source_defined_cursor: true,
        default_cursor_field: ["timestamp"],
        is_resumable: true,
      },
      sync_mode: syncMode,
      destination_sync_mode: "append",
      cursor_field: ["timestamp"],
    })),
  };
}

/** What to read from a stand-in, besides what `configFor` and `catalogOf` say. */
export interface ReadChoice {
  readonly config?: object;
  readonly streams?: Readonly<Record<string, StreamChoice>>;
  readonly state?: unknown;
  readonly options?: RunOptions;
}

/** Reads from a stand-in. @throws Error as `runConnector` does */
export function readFrom(api: Pick<FakeApi, "url">, choice: ReadChoice = {}): Promise<ConnectorRun> {
  const { config, streams, state, options } = choice;
  return runConnector(
    "read",
    { config: configFor(api, config), catalog: catalogOf(streams), state },
    options,
  );
}

/** What the platform hands back at the next sync: the last state of each stream. */
export function lastStates({ states }: Pick<ConnectorRun, "states">): readonly StateMessage[] {
  return [...new Map(states.map((state) => [state.stream.stream_descriptor.name, state])).values()];
}

/**
 * Runs a command to its end.
 * @throws Error if anything that it writes is not of the protocol, breaks a rule of reads, or holds a demo key
 */
export async function runConnector(
  command: Command,
  files: InputFiles = {},
  options: RunOptions = {},
): Promise<ConnectorRun> {
  const run = await inFolder(async (folder) =>
    runProgram([command, ...(await writeInputFiles(folder, files))], options),
  );
  return understand(run);
}

/** A run with its messages sorted by kind. @throws Error as `runConnector` does */
export function understand(run: Run): ConnectorRun {
  const messages = parseMessages(run);
  const leak = [...run.lines, run.stderr].find((text) => SECRETS.some((part) => text.includes(part)));
  if (leak !== undefined) throw new Error(`a secret, or part of one, in: ${leak}`);
  const check = createReadCheck();
  for (const message of messages) check.see(message);
  check.end(run);
  return {
    ...run,
    messages,
    records: messages.flatMap((message) => (message.type === "RECORD" ? message.record : [])),
    states: messages.flatMap((message) => (message.type === "STATE" ? message.state : [])),
    errors: messages.flatMap((message) => (message.type === "TRACE" ? (message.trace.error ?? []) : [])),
    logs: messages.flatMap((message) => (message.type === "LOG" ? message.log.message : [])),
  };
}
