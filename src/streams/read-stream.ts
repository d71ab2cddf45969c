import type { Client } from "../browsee/client.ts";
import type { PageQuery } from "../browsee/page.ts";
import type { Config } from "../config.ts";
import type { Cursor } from "../sync/cursor.ts";
import type { Output } from "../sync/output.ts";
import { readSet, type SetSummary } from "../sync/read-set.ts";
import type { Reading } from "../sync/reading.ts";
import type { Bounds } from "../sync/window.ts";
import { namingPartition } from "./naming-partition.ts";
import type { Partition, StreamDefinition } from "./stream.ts";
import { createStreamState } from "./stream-state.ts";

/** How often it is looked whether a checkpoint is due. */
const TICK_MS = 5000;
/** Fingerprints that a stream's state holds in all: some 11 bytes each. */
const MAX_CELLS = 560;
/** And what each of many partitions may hold at least. */
const MIN_CELLS = 8;

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
  readonly clock: () => number;
  /** Unix ms. */
  readonly now: () => number;
}

/** One of a stream's sets before it is read. */
export interface SetStart {
  readonly partition: Partition;
  /** Where its last sync ended; undefined at the first. */
  readonly cursor: Cursor | undefined;
  readonly bounds: Bounds;
}

/** Where a set's sessions go; checkpoints carry the state of the whole stream. */
export interface StreamOutput {
  readonly records: Output["records"];
  checkpoint(state: object): Promise<void>;
  readonly report: Output["report"];
}

/** Reads all of a stream's sets, one after another. @throws ConnectorError, or Cancelled */
export type ReadStream = (outputOf: (start: SetStart) => StreamOutput) => Promise<SetSummary>;

/**
 * Makes ready to read a stream.
 * @throws ConnectorError state_invalid
 */
export function openStream(parts: StreamParts): ReadStream {
  const partitions = parts.definition.partitions(parts.config, parts.columns);
  const state = createStreamState(partitions, parts.state);
  const maxCells = Math.max(MIN_CELLS, Math.floor(MAX_CELLS / partitions.length));
  return async (outputOf) => {
    const totals = { written: 0, counted: 0 };
    for (const partition of partitions) {
      const start = { partition, cursor: state.cursorOf(partition), bounds: boundsNow(parts) };
      const output = outputOf(start);
      const checkpoint = (cursor: Cursor) => output.checkpoint(state.withCursor(partition, cursor));
      const summary = await readPartition(parts, start, { ...output, checkpoint }, maxCells).catch(
        (error: unknown) => {
          throw namingPartition(error, parts.definition.name, partition);
        },
      );
      totals.written += summary.written;
      totals.counted += summary.counted;
    }
    return totals;
  };
}

function boundsNow({ config, incremental, now }: StreamParts): Bounds {
  return {
    startDate: config.startDate,
    endDate: config.endDate,
    lookback: config.lookbackHours * 3600,
    forwardOnly: !incremental,
    now: Math.floor(now() / 1000),
  };
}

async function readPartition(
  { client, stop, clock }: StreamParts,
  { partition, cursor, bounds }: SetStart,
  output: Output,
  maxCells: number,
): Promise<SetSummary> {
  const reader = await partition.reader();
  const parts = {
    fetch: (query: PageQuery) => client.page(partition.export, query, stop),
    reader,
    output,
    clock,
    maxCells,
  };
  let reading: Reading | undefined;
  let ticking = false;
  const tick = async () => {
    // While nobody takes the output, further checkpoints would only pile up.
    if (ticking) return;
    ticking = true;
    await reading?.checkpoints.tick().finally(() => {
      ticking = false;
    });
  };
  const timer = setInterval(() => void tick(), TICK_MS);
  try {
    return await readSet(parts, cursor, bounds, (begun) => {
      reading = begun;
    });
  } finally {
    clearInterval(timer);
  }
}
