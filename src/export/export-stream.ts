import type { Client } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import { Cancelled, ConnectorError, configError, toConnectorError } from "../errors.ts";
import { openStream, type ReadStream } from "../streams/read-stream.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import type { Progress } from "./progress.ts";
import { createSaver } from "./saver.ts";
import type { Sink } from "./sink.ts";
import { startNotes } from "./start-notes.ts";
import type { StreamSummary } from "./summary.ts";
import { createTally, type TallyKeeper } from "./tally.ts";

/** What the export of one stream takes. */
export interface StreamExport {
  readonly definition: StreamDefinition;
  /** Picked fields; none picks all. */
  readonly fields: readonly string[];
  readonly config: Config;
  readonly client: Client;
  readonly progress: Progress;
  /** Says something to the person. */
  readonly note: (text: string) => void;
  readonly openSink: () => Promise<Sink>;
  readonly stop: AbortSignal;
  /** Monotonic ms. */
  readonly clock: () => number;
  /** Unix ms. */
  readonly now: () => number;
}

/** Exports one stream. Does not throw: whatever went wrong is in the summary. */
export async function exportStream(parts: StreamExport): Promise<StreamSummary> {
  const { definition, client, clock, progress } = parts;
  const begun = clock();
  const requests = client.requests();
  const tally = createTally(definition.cursorField);
  let sink: Sink | undefined;
  let outcome: Pick<StreamSummary, "status" | "changes" | "holdings" | "failure">;
  try {
    sink = await parts.openSink();
    await fill(parts, sink, tally);
    await sink.finish();
    const [changes, holdings] = [sink.changes(), await sink.holdings()];
    outcome = { status: "complete", changes, holdings, failure: undefined };
  } catch (error) {
    const status = error instanceof Cancelled ? "stopped" : "failed";
    const failure = error instanceof Cancelled ? undefined : toConnectorError(error);
    outcome = { status, changes: undefined, holdings: undefined, failure };
  }
  const trouble = await closeSink(sink);
  if (trouble !== undefined && outcome.status === "complete")
    outcome = { ...outcome, status: "failed", failure: trouble };
  progress.end(outcome.status === "complete" ? "done" : "failed");
  return {
    ...outcome,
    stream: definition.name,
    file: sink?.file,
    table: sink?.table,
    tally: { ...tally.now(), ...sink?.starts() },
    requests: client.requests() - requests,
    ms: clock() - begun,
  };
}

/** Reads the stream into the sink. Whatever was read is saved, also where reading failed. */
async function fill(parts: StreamExport, sink: Sink, tally: TallyKeeper): Promise<void> {
  const { config, progress, note, clock, definition } = parts;
  for (const text of sink.notes) note(text);
  // Where reading fails, a page may have been sent for: nobody waits for it any more.
  const over = new AbortController();
  const read = open({ ...parts, stop: AbortSignal.any([parts.stop, over.signal]) }, sink);
  const saver = createSaver(sink, clock);
  // Looking at a session's columns is dear, and some forms look for themselves.
  const looks = sink.starts() === undefined;
  const sets = definition.partitions(config, parts.fields).length;
  const reading = read((start) => {
    progress.begin(start, sets);
    for (const text of startNotes(start)) note(text);
    return {
      async records(batch) {
        await saver.records(batch);
        if (looks) tally.add(batch);
        else tally.count(batch.length);
        progress.written(batch.length);
      },
      checkpoint: saver.checkpoint,
      report: progress.report,
    };
  });
  const trouble = await settled(reading);
  over.abort();
  // A failure to save comes first: it is what has ended the reading.
  const failure = (await settled(saver.flush(trouble === undefined))) ?? trouble;
  if (failure !== undefined) throw failure;
}

function open(parts: StreamExport, sink: Sink): ReadStream {
  const { definition, config, fields, stop, clock, now } = parts;
  const client = watched(parts);
  try {
    const incremental = sink.file !== undefined;
    const common = { definition, config, client, columns: fields, stop, clock, now };
    return openStream({ ...common, incremental, state: sink.state });
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== "state_invalid") throw error;
    const sentence = `The progress kept with ${sink.file} can't be read. Run the command with --full to export everything anew.`;
    throw configError("state_invalid", sentence, error.detail);
  }
}

/** The client, with progress looking on. */
function watched({ client, progress }: StreamExport): Client {
  return {
    requests: client.requests,
    async page(what, query, signal) {
      const page = await client.page(what, query, signal);
      progress.counted(query.end, page.total);
      return page;
    },
  };
}

async function settled(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return undefined;
  } catch (error) {
    return error;
  }
}

async function closeSink(sink: Sink | undefined): Promise<ConnectorError | undefined> {
  try {
    await sink?.close();
    return undefined;
  } catch (error) {
    return toConnectorError(error);
  }
}
