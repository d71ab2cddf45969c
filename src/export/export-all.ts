import type { Client } from "../browsee/client.ts";
import type { Clock } from "../clock.ts";
import { Cancelled, toConnectorError } from "../errors.ts";
import { Receipt } from "../sync/page.ts";
import type { Reporter } from "../terminal/reporter.ts";
import type { StreamSummary, Summary } from "../terminal/summary.ts";
import { makeCopy } from "./copy.ts";
import { type ExportChoice, type FoundStream, withStreams } from "./open-target.ts";
import { readInto } from "./read-into.ts";
import { writeRun } from "./runs.ts";
import { statisticsOf } from "./table-statistics.ts";
import { openTable, type TableWriter } from "./table-writer.ts";

/** What an export takes. */
export interface ExportParts extends ExportChoice, Clock {
  readonly reporter: Reporter;
  /** Does some work with the one client of the process. */
  readonly withClient: <T>(work: (client: Client) => Promise<T>) => Promise<T>;
  /** Writes lines to stdout. */
  readonly print: (lines: readonly string[]) => Promise<void>;
}

/**
 * Exports all streams, one after another. One that fails does not stop the next, unless the
 * configuration has to change.
 * @throws ConnectorError where nothing could begin; what befell a stream is in the summary
 */
export async function exportAll(parts: ExportParts): Promise<Summary> {
  const begun = parts.monotonicNow();
  return withStreams(parts, true, async (found) => {
    const opened: OpenStream[] = [];
    // All before the first is read: a --full that ends in one stream is on record for those behind it too.
    for (const stream of found)
      opened.push({ ...stream, writer: stream.table && (await openTable(stream.table)) });
    return parts.withClient(async (client) => {
      const streams: StreamSummary[] = [];
      for (const stream of opened) {
        const summary = await exportStream(parts, stream, client);
        streams.push(summary);
        if (summary.status === "stopped" || summary.failure?.failureType === "config_error") break;
      }
      const bad = streams.find(({ status }) => status !== "complete");
      const requests = client.requests();
      return { status: bad?.status ?? "complete", streams, requests, ms: parts.monotonicNow() - begun };
    });
  });
}

interface OpenStream extends FoundStream {
  readonly writer: TableWriter | undefined;
}

/** Exports one stream. Does not throw: whatever went wrong is in the summary. */
async function exportStream(
  parts: ExportParts,
  { definition, copy, writer }: OpenStream,
  client: Client,
): Promise<StreamSummary> {
  const { target, fields, monotonicNow, now } = parts;
  const [begun, begunAt, requests] = [monotonicNow(), now(), client.requests()];
  const receipt = new Receipt();
  const file = copy?.called ?? target?.store;
  const store = writer?.store;
  const { result: statistics, ...outcome } = await attempt(async () => {
    await readInto(writer, { ...parts, columns: fields, definition, client, receipt });
    await writer?.finish();
    if (store === undefined) return undefined;
    if (copy !== undefined) await makeCopy(store, copy);
    return statisticsOf(store, definition);
  });
  const summary = {
    ...outcome,
    stream: definition.name,
    noun: definition.noun,
    file,
    table: store && copy === undefined ? definition.name : undefined,
    receipt,
    changes: writer?.changes,
    statistics,
    requests: client.requests() - requests,
    ms: monotonicNow() - begun,
  };
  if (store === undefined) return summary;
  const { status, failure } = await attempt(() => writeRun(store, summary, begunAt, now()));
  return summary.status === "complete" ? { ...summary, status, failure } : summary;
}

/** Does some work. @returns what it gave, or why it did not */
async function attempt<T>(work: () => Promise<T>) {
  try {
    return { status: "complete", failure: undefined, result: await work() } as const;
  } catch (error) {
    if (error instanceof Cancelled)
      return { status: "stopped", failure: undefined, result: undefined } as const;
    return { status: "failed", failure: toConnectorError(error), result: undefined } as const;
  }
}
