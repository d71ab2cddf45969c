import { type Config, parseConfig } from "../config.ts";
import { type ConnectorError, configError, Stopped, toConnectorError } from "../errors.ts";
import { streams } from "../generated/stream-list.ts";
import { type ConfiguredStream, parseCatalog } from "../protocol/catalog.ts";
import { logLine } from "../protocol/messages.ts";
import { parseStates, type StreamStates } from "../protocol/state.ts";
import { createRedact } from "../redact.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import type { Context, ExitCode } from "./context.ts";
import { readInputFile } from "./input-file.ts";
import { withClient } from "./open-client.ts";
import { readStream } from "./read-stream.ts";
import { createStreamMessages, type StreamMessages } from "./stream-messages.ts";

/** The files that `read` is given. */
export interface ReadFiles {
  readonly config: string;
  readonly catalog: string;
  readonly state?: string | undefined;
}

interface Job {
  readonly configured: ConfiguredStream;
  readonly definition: StreamDefinition;
}

/** Reads the configured streams, one after another; one that fails for a reason that may pass does not stop the next. */
export async function runRead(context: Context, files: ReadFiles): Promise<ExitCode> {
  const config = parseConfig(readInputFile(files.config, "configuration", "config_invalid"));
  const catalog = parseCatalog(readInputFile(files.catalog, "catalog", "catalog_invalid"));
  const states =
    files.state === undefined ? new Map() : parseStates(readInputFile(files.state, "state", "state_invalid"));
  const jobs = catalog.map((configured) => ({ configured, definition: definitionOf(configured, config) }));
  return readAll(context, config, jobs, states);
}

function definitionOf({ name }: ConfiguredStream, config: Config): StreamDefinition {
  const definition = streams.find((stream) => stream.name === name);
  if (definition === undefined) {
    throw configError("catalog_invalid", `There is no stream "${name}". Refresh the connection's schema.`);
  }
  if (!definition.offered(config)) {
    const message = `The stream ${name} needs segment_ids. Fill them in, or take the stream out of the connection.`;
    throw configError("catalog_invalid", message);
  }
  return definition;
}

async function readAll(
  context: Context,
  config: Config,
  jobs: readonly Job[],
  states: StreamStates,
): Promise<ExitCode> {
  const redact = createRedact([config.apiKey, config.secretKey]);
  let current: StreamMessages | undefined;
  const options = {
    redact,
    timeoutMs: config.requestTimeoutSeconds * 1000,
    deadlineMs: config.retryDeadlineSeconds * 1000,
    onWait: (wait: Parameters<StreamMessages["waiting"]>[0]) => current?.waiting(wait),
  };
  return withClient(context, config, options, async (client) => {
    let code: ExitCode = 0;
    for (const { configured, definition } of jobs) {
      const messages = createStreamMessages(context, definition.name, redact);
      current = messages;
      const failure = await readOne(() =>
        readStream({
          context,
          config,
          client,
          configured,
          definition,
          messages,
          state: states.get(configured.name),
        }),
      );
      if (failure === undefined) continue;
      await messages.failed(failure);
      code = 1;
      if (failure.failureType !== "config_error") continue;
      await context.out.write([
        logLine("WARN", "Streams after this one were not read: the configuration comes first."),
      ]);
      break;
    }
    return code;
  });
}

async function readOne(read: () => Promise<void>): Promise<ConnectorError | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    if (error instanceof Stopped) throw error;
    return toConnectorError(error);
  }
}
