import type { Client } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import { Stopped } from "../errors.ts";
import type { ConfiguredStream } from "../protocol/catalog.ts";
import type { Partition, StreamDefinition } from "../streams/stream.ts";
import { createStreamState } from "../streams/stream-state.ts";
import type { Cursor } from "../sync/cursor.ts";
import type { Output } from "../sync/output.ts";
import { readSet } from "../sync/read-set.ts";
import type { Reading } from "../sync/reading.ts";
import type { Bounds } from "../sync/window.ts";
import type { Context } from "./context.ts";
import { createProgressLog } from "./progress-log.ts";
import type { StreamMessages } from "./stream-messages.ts";

/** How often it is looked whether a STATE is due. */
const TICK_MS = 5000;
/** Fingerprints that a stream's state holds in all: some 11 bytes each. */
const MAX_CELLS = 560;
/** And what each of many partitions may hold at least. */
const MIN_CELLS = 8;

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
 * Reads all of a stream's sets, one after another.
 * @throws ConnectorError, or Stopped
 */
export async function readStream(job: StreamJob): Promise<void> {
  const { context, config, client, configured, definition, messages } = job;
  const partitions = definition.partitions(config, configured.columns);
  const state = createStreamState(partitions, job.state);
  const begun = context.clock();
  const requestsBefore = client.requests();
  const totals = { written: 0, counted: 0 };
  await messages.status("STARTED");
  try {
    for (const partition of partitions) {
      const summary = await readPartition(
        job,
        partition,
        state.cursorOf(partition),
        partitions.length,
        (cursor) => messages.state(state.withCursor(partition, cursor)),
      );
      totals.written += summary.written;
      totals.counted += summary.counted;
    }
  } catch (error) {
    if (error instanceof Stopped) await messages.status("INCOMPLETE");
    throw error;
  }
  const seconds = ((context.clock() - begun) / 1000).toFixed(1);
  const requests = client.requests() - requestsBefore;
  const { written, counted } = totals;
  await messages.log(
    "INFO",
    `${written} records written of ${counted} sessions that the API counted; ${requests} requests, ${seconds} s`,
  );
  await messages.estimate(written);
  await messages.status("COMPLETE");
}

async function readPartition(
  { context, config, client, configured, messages }: StreamJob,
  partition: Partition,
  cursor: Cursor | undefined,
  siblings: number,
  writeState: (cursor: Cursor) => Promise<void>,
): Promise<{ written: number; counted: number }> {
  const bounds: Bounds = {
    startDate: config.startDate,
    endDate: config.endDate,
    lookback: configured.syncMode === "incremental" ? config.lookbackHours * 3600 : 0,
    now: Math.floor(context.now() / 1000),
  };
  const log = createProgressLog(messages, partition, context.clock);
  log.start(cursor, bounds);
  const output: Output = { records: messages.records, checkpoint: writeState, report: log.report };
  const parts = {
    fetch: (query: Parameters<Client["page"]>[1]) => client.page(partition.export, query, context.stop),
    reader: partition.reader,
    output,
    clock: context.clock,
    maxCells: Math.max(MIN_CELLS, Math.floor(MAX_CELLS / siblings)),
  };
  let reading: Reading | undefined;
  const timer = setInterval(() => void reading?.checkpoints.tick(), TICK_MS);
  try {
    return await readSet(parts, cursor, bounds, (begun) => {
      reading = begun;
    });
  } finally {
    clearInterval(timer);
  }
}
