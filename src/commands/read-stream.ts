import type { Client } from "../browsee/client.ts";
import { Cancelled } from "../errors.ts";
import type { ReadStream } from "../streams/read-stream.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import type { Context } from "./context.ts";
import { createProgressLog } from "./progress-log.ts";
import type { StreamMessages } from "./stream-messages.ts";

/** What reading one stream takes. */
export interface StreamJob {
  readonly context: Context;
  readonly client: Client;
  readonly definition: StreamDefinition;
  readonly messages: StreamMessages;
  readonly read: ReadStream;
}

/**
 * Reads all of a stream's partitions, and writes its messages.
 * @throws ConnectorError, or Cancelled
 */
export async function readStream({ context, client, definition, messages, read }: StreamJob): Promise<void> {
  const { monotonicNow } = context;
  const begun = monotonicNow();
  const requestsBefore = client.requests();
  await messages.status("STARTED");
  const { written, counted } = await read({
    records: messages.records,
    checkpoint: messages.state,
    begin: (start) => createProgressLog(messages, definition, start, monotonicNow),
  }).catch(async (error: unknown) => {
    if (error instanceof Cancelled) await messages.status("INCOMPLETE");
    throw error;
  });
  const seconds = ((monotonicNow() - begun) / 1000).toFixed(1);
  const requests = client.requests() - requestsBefore;
  await messages.log(
    "INFO",
    `${written} records written of ${counted} ${definition.noun.many} that the API counted; ${requests} requests, ${seconds} s`,
  );
  await messages.estimate(written);
  await messages.status("COMPLETE");
}
