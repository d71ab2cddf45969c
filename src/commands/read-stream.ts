import type { Client } from "../browsee/client.ts";
import { Cancelled } from "../errors.ts";
import type { ReadStream } from "../streams/read-stream.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import { Receipt } from "../sync/page.ts";
import { receiptText } from "../terminal/outcome-text.ts";
import { countOf, durationText } from "../terminal/quantities.ts";
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
    if (error instanceof Cancelled) await messages.status("INCOMPLETE");
    throw error;
  }
  await messages.estimate(receipt.written);
  await tell();
  await messages.status("COMPLETE");

  async function tell(): Promise<void> {
    const requests = countOf(client.requests() - requestsBefore, "request");
    const rest = `${countOf(receipt.written, "record")} written; ${requests}, ${durationText(monotonicNow() - begun)}`;
    await messages.log(
      "INFO",
      `${receiptText(receipt, definition.noun) ?? `no ${definition.noun.many} to account for`}; ${rest}`,
    );
  }
}
