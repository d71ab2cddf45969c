import type { Client, Wait } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import { Cancelled, type ConnectorError, configError, toConnectorError } from "../errors.ts";
import { streams } from "../generated/stream-list.ts";
import { type ConfiguredStream, parseCatalog } from "../protocol/catalog.ts";
import { logLine } from "../protocol/messages.ts";
import { parseStates } from "../protocol/state.ts";
import { openStream, type ReadStream } from "../streams/read-stream.ts";
import { isOffered, type StreamDefinition } from "../streams/stream.ts";
import { Receipt } from "../sync/page.ts";
import { receiptText } from "../terminal/outcome-text.ts";
import { countOf, durationText } from "../terminal/quantities.ts";
import { type Context, type ExitCode, withClient } from "./context.ts";
import { readInputFile } from "./input-file.ts";
import type { ReadArguments } from "./options.ts";
import { createProgressLog } from "./progress-log.ts";
import { readConfig } from "./read-config.ts";
import { createStreamMessages, type StreamMessages } from "./stream-messages.ts";

/** Reads the configured streams, one after another; one that fails does not stop the next, unless the configuration has to change. */
export async function runRead(context: Context, files: ReadArguments): Promise<ExitCode> {
  const config = await readConfig(context, files.config);
  const catalog = parseCatalog(readInputFile(files.catalog, "catalog", "catalog_invalid"));
  const state = files.state === undefined ? [] : readInputFile(files.state, "state", "state_invalid");
  const states = parseStates(state);
  const jobs = catalog.map((configured) => ({
    ...configured,
    definition: definitionOf(configured, config),
    messages: createStreamMessages(context, configured.name, context.secrets.redact),
  }));
  let current: StreamMessages | undefined;
  const onWait = (wait: Wait) => current?.waiting(wait);
  return withClient(context, config, onWait, async (client) => {
    const opened: StreamJob[] = [];
    // All before the first is read: a state that must be reset is told of now, not after hours.
    for (const { name, columns, syncMode, definition, messages } of jobs) {
      const incremental = syncMode === "incremental";
      const parts = { ...context, config, client, definition, columns, incremental, state: states.get(name) };
      try {
        opened.push({ context, client, definition, messages, read: openStream(parts) });
      } catch (error) {
        await messages.status("STARTED");
        await messages.failed(toConnectorError(error));
        return 1;
      }
    }
    let code: ExitCode = 0;
    for (const [at, job] of opened.entries()) {
      current = job.messages;
      const failure = await readStream(job);
      if (failure === undefined) continue;
      code = 1;
      if (failure.failureType !== "config_error" || at === opened.length - 1) continue;
      const warning = "Streams after this one were not read: the configuration comes first.";
      await context.out.write([logLine("WARN", warning)]);
      break;
    }
    return code;
  });
}

function definitionOf({ name }: ConfiguredStream, config: Config): StreamDefinition {
  const definition = streams.find((stream) => stream.name === name);
  if (definition === undefined) {
    throw configError("catalog_invalid", `There is no stream "${name}". Refresh the connection's schema.`);
  }
  if (!isOffered(definition, config)) {
    const message = `The stream ${name} needs ${definition.partitionedBy?.setting}. Fill them in, or take the stream out of the connection.`;
    throw configError("catalog_invalid", message);
  }
  return definition;
}

/** What reading one stream takes. */
interface StreamJob {
  readonly context: Context;
  readonly client: Client;
  readonly definition: StreamDefinition;
  readonly messages: StreamMessages;
  readonly read: ReadStream;
}

/**
 * Reads all of a stream's partitions, and writes its messages.
 * @returns what it failed with
 * @throws Cancelled
 */
export async function readStream(job: StreamJob): Promise<ConnectorError | undefined> {
  const { client, definition, messages, read } = job;
  const { monotonicNow } = job.context;
  const begun = monotonicNow();
  const requestsBefore = client.requests();
  const receipt = new Receipt();
  await messages.status("STARTED");
  try {
    await read({
      records: messages.records,
      checkpoint: messages.state,
      begin: (start) => createProgressLog(messages, definition, start, monotonicNow),
      receipt,
    });
  } catch (error) {
    await tell();
    if (error instanceof Cancelled) {
      await messages.status("INCOMPLETE");
      throw error;
    }
    const failure = toConnectorError(error);
    await messages.failed(failure);
    return failure;
  }
  await messages.estimate(receipt.written);
  await tell();
  await messages.status("COMPLETE");
  return undefined;

  async function tell(): Promise<void> {
    const requests = countOf(client.requests() - requestsBefore, "request");
    const accounts = receiptText(receipt, definition.noun) ?? `no ${definition.noun.many} to account for`;
    const written = `${countOf(receipt.written, "record")} written`;
    const took = durationText(monotonicNow() - begun);
    await messages.log("INFO", `${accounts}; ${written}; ${requests}, ${took}`);
  }
}
