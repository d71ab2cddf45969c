import { Cancelled, ConnectorError, configError, toConnectorError } from "../errors.ts";
import type { StreamParts } from "../streams/read-stream.ts";
import { newReceipt, type Receipt } from "../sync/receipt.ts";
import type { Progress } from "../terminal/progress.ts";
import type { Changes, StreamSummary, TableStatistics } from "../terminal/summary.ts";
import { type ReadOutput, readInto } from "./reading.ts";
import type { PendingRow } from "./table-writer.ts";

/** A commit is due after so many characters of sessions, or ms, too. */
const CHARACTERS_A_COMMIT = 16_000_000;
const MS_A_COMMIT = 10_000;

/** Where a stream is exported to: a table with or without a file made from it, or a pipe. */
export interface Destination {
  /** Paths and names for messages; undefined for a pipe, or where there is no table of interest. */
  readonly file: string | undefined;
  readonly table: string | undefined;
  /** Where the last export ended (stream_state); undefined where this one begins from the start. */
  readonly state: unknown;
  readonly notes: readonly string[];
  /** Of what was committed; undefined for a pipe. */
  readonly changes: Readonly<Changes> | undefined;
  /** How many rows make a commit due. */
  readonly rowsACommit: number;
  /** Brings rows, each key once, and the state that covers them. */
  commit(rows: readonly PendingRow[], state: object): Promise<void>;
  /** The stream was read to its end. @returns what is there now; undefined for a pipe */
  finish(): Promise<TableStatistics | undefined>;
}

/** What the export of one stream takes. */
export interface StreamExport extends Omit<StreamParts, "state" | "incremental"> {
  readonly progress: Progress;
  /** Says something to the person. */
  readonly note: (text: string) => void;
  readonly open: () => Promise<Destination>;
}

/** Exports one stream. Does not throw: whatever went wrong is in the summary. */
export async function exportStream(parts: StreamExport): Promise<StreamSummary> {
  const { definition, client, monotonicNow } = parts;
  const begun = monotonicNow();
  const requests = client.requests();
  const receipt = newReceipt();
  let destination: Destination | undefined;
  let outcome: Pick<StreamSummary, "status" | "statistics" | "failure">;
  try {
    destination = await parts.open();
    await fill(parts, destination, receipt);
    outcome = { status: "complete", statistics: await destination.finish(), failure: undefined };
  } catch (error) {
    const isStopped = error instanceof Cancelled;
    const failure = isStopped ? undefined : toConnectorError(error);
    outcome = { status: isStopped ? "stopped" : "failed", statistics: undefined, failure };
  }
  return {
    ...outcome,
    stream: definition.name,
    noun: definition.noun,
    file: destination?.file,
    table: destination?.table,
    receipt,
    changes: destination?.changes,
    requests: client.requests() - requests,
    ms: monotonicNow() - begun,
  };
}

/** Reads the stream. Whatever was read and is covered by a state is saved, also where reading failed. */
async function fill(parts: StreamExport, destination: Destination, receipt: Receipt): Promise<void> {
  const { monotonicNow, note, progress } = parts;
  for (const text of destination.notes) note(text);
  /** The last word on each key since the last commit, and the state that covers them or a part of them. */
  let pending = new Map<string, PendingRow>();
  let latest: object | undefined;
  let characters = 0;
  let since = monotonicNow();
  /** Commits come one after another; after one that fails there is none, so that no state goes before its rows. */
  let commits: Promise<void> = Promise.resolve();

  function save(state: object): Promise<void> {
    const rows = [...pending.values()];
    pending = new Map();
    latest = undefined;
    characters = 0;
    since = monotonicNow();
    commits = commits.then(() => destination.commit(rows, state));
    return commits;
  }

  const output: ReadOutput = {
    receipt,
    async records(batch) {
      for (const { id, json, start } of batch) {
        pending.set(id, { json, start });
        characters += json.length;
      }
    },
    async checkpoint(state) {
      latest = state;
      const isDue =
        pending.size >= destination.rowsACommit ||
        characters >= CHARACTERS_A_COMMIT ||
        monotonicNow() - since >= MS_A_COMMIT;
      // What is new and has brought nothing leaves nothing behind: the keys may be wrong.
      if (isDue && (pending.size > 0 || destination.state !== undefined)) await save(state);
    },
    begin: progress.begin,
    report(event) {
      if (event.kind === "warning") note(event.text);
      progress.report(event);
    },
  };
  try {
    await read(parts, destination, output);
  } catch (error) {
    if (latest !== undefined && pending.size > 0) await save(latest);
    throw error;
  }
  if (latest !== undefined) await save(latest);
}

async function read(parts: StreamExport, { state, file }: Destination, output: ReadOutput): Promise<void> {
  try {
    await readInto({ ...parts, state, incremental: file !== undefined }, output);
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== "state_invalid") throw error;
    const sentence = `The progress kept with ${file} can't be read. Run the command with --full to export everything anew.`;
    throw configError("state_invalid", sentence, error.detail);
  }
}
