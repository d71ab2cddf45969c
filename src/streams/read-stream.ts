import type { Client } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import { ConnectorError, configError } from "../errors.ts";
import { type Checkpoints, createCheckpoints } from "../sync/checkpoints.ts";
import type { Cursor } from "../sync/cursor.ts";
import type { Output, Receipt } from "../sync/page.ts";
import { type PartitionParts, readPartition } from "../sync/read-partition.ts";
import { PageKnowledge } from "../sync/requests.ts";
import type { Bounds } from "../sync/window.ts";
import { columnsOf, namePartition, openPartition } from "./open-partition.ts";
import { type Partition, partitionsOf, type StreamDefinition } from "./stream.ts";
import { createStreamState } from "./stream-state.ts";

/** How often it is looked whether a checkpoint is due. */
const TICK_MS = 5000;

/** What reading one stream takes. */
export interface StreamParts {
  readonly definition: StreamDefinition;
  readonly config: Config;
  readonly client: Client;
  /** Picked columns; none picks all. */
  readonly columns: readonly string[];
  /** Whether sessions of before the cursor are looked at again. */
  readonly incremental: boolean;
  /** The stream's state as an earlier run left it; undefined where there is none. */
  readonly state: unknown;
  readonly stop: AbortSignal;
  /** Monotonic ms. */
  readonly monotonicNow: () => number;
  /** Unix ms. */
  readonly now: () => number;
}

/** A partition before it is read. */
export interface PartitionStart {
  readonly partition: Partition;
  /** Where its last sync ended; undefined at the first. */
  readonly cursor: Cursor | undefined;
  readonly bounds: Bounds;
}

/** Where a stream's records go; checkpoints carry the state of the whole stream. */
export interface StreamOutput {
  readonly records: Output["records"];
  checkpoint(state: object): Promise<void>;
  /** A partition is about to be read. @returns takes what happens while it is */
  begin(start: PartitionStart): Output["report"];
  /** Is added to, also where reading fails. */
  readonly receipt: Receipt;
}

/**
 * Reads all of a stream's partitions, one after another. One that the API refuses does not keep the others from being
 * read. @throws ConnectorError, or Cancelled
 */
export type ReadStream = (output: StreamOutput) => Promise<void>;

/**
 * Makes ready to read a stream.
 * @throws ConnectorError state_invalid
 */
export function openStream(parts: StreamParts): ReadStream {
  const partitions = partitionsOf(parts.definition, parts.config);
  const state = createStreamState(partitions, parts.state);
  return async (output) => {
    /** Brings the state up to where reading stands. */
    let note = (): void => undefined;
    const write = () => {
      note();
      return output.checkpoint(state.encode());
    };
    const checkpoints = createCheckpoints(write, parts.monotonicNow);
    const stopTicking = tickNowAndThen(checkpoints);
    const pages = new PageKnowledge();
    const refusals: ConnectorError[] = [];
    try {
      for (const partition of partitions) {
        const start = { partition, cursor: state.cursorOf(partition), bounds: boundsNow(parts) };
        const track = (cursor: () => Cursor) => {
          note = () => state.set(partition, cursor());
        };
        const reading = readOne(parts, start, output, { checkpoints, track, pages });
        const outcome = await unlessRefused(reading, parts.definition, partition);
        note();
        if (outcome !== undefined) refusals.push(outcome);
      }
    } finally {
      stopTicking();
      await checkpoints.last();
    }
    if (refusals.length > 0) throw allOf(refusals);
  };
}

function readOne(
  parts: StreamParts,
  start: PartitionStart,
  output: StreamOutput,
  progress: Pick<PartitionParts, "checkpoints" | "track" | "pages">,
): Promise<void> {
  const { definition, config, columns, client, stop } = parts;
  const report = output.begin(start);
  const partition = openPartition(
    definition,
    start.partition,
    config,
    columnsOf(definition, columns),
    client,
    stop,
  );
  return readPartition(
    {
      ...partition,
      ...progress,
      output: { records: output.records, report },
      acceptCountMismatch: config.acceptCountMismatch,
      receipt: output.receipt,
    },
    start.cursor,
    start.bounds,
  );
}

/** @returns why the API refuses a partition; undefined where it was read @throws whatever else it failed with */
async function unlessRefused(
  reading: Promise<void>,
  definition: StreamDefinition,
  partition: Partition,
): Promise<ConnectorError | undefined> {
  try {
    await reading;
    return undefined;
  } catch (error) {
    const named = namePartition(error, definition, partition);
    if (definition.partitionedBy !== undefined && isRefused(named)) return named;
    throw named;
  }
}

/** For something that the configuration holds. */
function isRefused(error: unknown): error is ConnectorError {
  return (
    error instanceof ConnectorError &&
    error.code === "request_refused" &&
    error.failureType === "config_error"
  );
}

/** Refusals of several partitions in one, that names each. */
function allOf(refusals: readonly ConnectorError[]): ConnectorError {
  const texts = (text: (error: ConnectorError) => string, between: string) =>
    refusals.map(text).join(between);
  return configError(
    "request_refused",
    texts(({ message }) => message, " "),
    texts(({ detail }) => detail, "; "),
  );
}

/** What the configuration and the clock say about the time to read. */
export function boundsNow({
  config,
  incremental,
  now,
}: Pick<StreamParts, "config" | "incremental" | "now">): Bounds {
  return {
    startDate: config.startDate,
    endDate: config.endDate,
    lookback: config.lookbackHours * 3600,
    forwardOnly: !incremental,
    now: Math.floor(now() / 1000),
  };
}

/** Looks whether a checkpoint is due also while nothing else happens. @returns stops that */
function tickNowAndThen(checkpoints: Checkpoints): () => void {
  let ticking = false;
  const timer = setInterval(() => {
    // While nobody takes the output, further checkpoints would only pile up.
    if (ticking) return;
    ticking = true;
    void checkpoints.tick().finally(() => {
      ticking = false;
    });
  }, TICK_MS);
  return () => clearInterval(timer);
}
