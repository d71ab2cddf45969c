import type { Clock } from "../clock.ts";
import { ConnectorError, configError } from "../errors.ts";
import { type Checkpoints, createCheckpoints } from "../sync/checkpoints.ts";
import type { Cursor } from "../sync/cursor.ts";
import type { Output, Receipt } from "../sync/page.ts";
import { readPartition } from "../sync/read-partition.ts";
import { PageKnowledge } from "../sync/requests.ts";
import type { Bounds } from "../sync/window.ts";
import { type StreamAccess, withPartition } from "./open-partition.ts";
import { type Partition, partitionsOf } from "./stream.ts";
import { createStreamState } from "./stream-state.ts";

/** How often to look whether a checkpoint is due. */
const TICK_MS = 5000;

/** What reading one stream takes. */
export interface StreamParts extends StreamAccess, Clock {
  /** Whether records from before the cursor are looked at again. */
  readonly incremental: boolean;
  /** The stream's state as an earlier run left it; undefined where there is none. */
  readonly state: unknown;
}

/** A partition before it is read. */
export interface PartitionStart {
  readonly partition: Partition;
  /** Where its last sync ended; undefined at the first. */
  readonly cursor: Cursor | undefined;
  readonly bounds: Bounds;
}

/** Where a stream's records go; checkpoints carry the state of the whole stream. */
interface StreamOutput {
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
    let updateState = (): void => undefined;
    const write = () => {
      updateState();
      return output.checkpoint(state.encode());
    };
    const checkpoints = createCheckpoints(write, parts.monotonicNow);
    const ticking = tickNowAndThen(checkpoints);
    const access = { ...parts, stop: AbortSignal.any([parts.stop, ticking.failed]) };
    const pages = new PageKnowledge();
    const refusals: ConnectorError[] = [];
    try {
      for (const partition of partitions) {
        const start = { partition, cursor: state.cursorOf(partition), bounds: boundsNow(parts) };
        const track = (cursor: () => Cursor) => {
          updateState = () => state.set(partition, cursor());
        };
        const report = output.begin(start);
        const outputs = { output: { records: output.records, report }, receipt: output.receipt };
        await withPartition(access, partition, (opened) =>
          readPartition({ ...opened, ...outputs, checkpoints, track, pages }, start.cursor, start.bounds),
        ).catch((error: unknown) => {
          if (parts.definition.partitionedBy === undefined || !isRefused(error)) throw error;
          refusals.push(error);
        });
        updateState();
      }
    } catch (error) {
      throw ticking.failed.aborted ? ticking.failed.reason : error;
    } finally {
      ticking.end();
      await checkpoints.last();
    }
    if (refusals.length > 0) throw allOf(refusals);
  };
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
  const message = refusals.map((error) => error.message).join(" ");
  const detail = refusals.map((error) => error.detail).join("; ");
  return configError("request_refused", message, detail);
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

/**
 * Writes a checkpoint that is due also while nothing else happens.
 * @returns `failed` is aborted with the error of one that could not be written
 */
function tickNowAndThen(checkpoints: Checkpoints) {
  const failing = new AbortController();
  let ticking = false;
  const timer = setInterval(() => {
    // While nobody takes the output, further checkpoints would only pile up.
    if (ticking) return;
    ticking = true;
    void checkpoints
      .tick()
      .catch((error: unknown) => failing.abort(error))
      .finally(() => {
        ticking = false;
      });
  }, TICK_MS);
  return { failed: failing.signal, end: () => clearInterval(timer) };
}
