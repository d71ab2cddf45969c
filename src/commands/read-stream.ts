import type { Client } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import { Stopped } from "../errors.ts";
import type { ConfiguredStream } from "../protocol/catalog.ts";
import { openStream } from "../streams/read-stream.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import type { Context } from "./context.ts";
import { createProgressLog } from "./progress-log.ts";
import type { StreamMessages } from "./stream-messages.ts";

/** What reading one stream takes. */
export interface StreamJob {
  readonly context: Context;
  readonly config: Config;
  readonly client: Client;
  readonly configured: ConfiguredStream;
  readonly definition: StreamDefinition;
  readonly messages: StreamMessages;
  /** stream_state of the --state file; undefined where there is none. */
  readonly state: unknown;
}

/**
 * Reads all of a stream's sets, and writes its messages.
 * @throws ConnectorError, or Stopped
 */
export async function readStream(job: StreamJob): Promise<void> {
  const { context, config, client, configured, definition, messages, state } = job;
  const { stop, clock, now } = context;
  const { columns } = configured;
  const incremental = configured.syncMode === "incremental";
  const read = openStream({ definition, config, client, columns, incremental, state, stop, clock, now });
  const begun = clock();
  const requestsBefore = client.requests();
  await messages.status("STARTED");
  const { written, counted } = await read(({ partition, cursor, bounds }) => {
    const log = createProgressLog(messages, partition, clock);
    log.start(cursor, bounds);
    return { records: messages.records, checkpoint: messages.state, report: log.report };
  }).catch(async (error: unknown) => {
    if (error instanceof Stopped) await messages.status("INCOMPLETE");
    throw error;
  });
  const seconds = ((clock() - begun) / 1000).toFixed(1);
  const requests = client.requests() - requestsBefore;
  await messages.log(
    "INFO",
    `${written} records written of ${counted} sessions that the API counted; ${requests} requests, ${seconds} s`,
  );
  await messages.estimate(written);
  await messages.status("COMPLETE");
}
