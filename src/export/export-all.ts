import type { Client } from "../browsee/client.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { Cancelled, toConnectorError } from "../errors.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import { Receipt } from "../sync/page.ts";
import type { Reporter } from "../terminal/reporter.ts";
import type { StreamSummary, Summary } from "../terminal/summary.ts";
import { projectMark } from "./bookkeeping.ts";
import { checkCopyTarget, makeCopy } from "./copy.ts";
import { type OpenTarget, openTarget } from "./open-target.ts";
import { readInto } from "./read-into.ts";
import { writeRun } from "./runs.ts";
import { statisticsOf } from "./table-statistics.ts";
import { openTable } from "./table-writer.ts";
import type { Target } from "./target.ts";

/** What an export takes. */
export interface ExportParts extends Clock {
  readonly config: Config;
  /** Undefined for a pipe. */
  readonly target: Target | undefined;
  readonly definitions: readonly StreamDefinition[];
  /** Picked fields; none picks all. */
  readonly fields: readonly string[];
  readonly full: boolean;
  readonly escapeFormulas: boolean;
  readonly reporter: Reporter;
  /** Does some work with the one client of the process. */
  readonly withClient: <T>(work: (client: Client) => Promise<T>) => Promise<T>;
  /** Writes lines to stdout. */
  readonly print: (lines: readonly string[]) => Promise<void>;
  readonly stop: AbortSignal;
}

/**
 * Exports all streams, one after another. One that fails does not stop the next, unless the
 * configuration has to change.
 * @throws ConnectorError where nothing could begin; what befell a stream is in the summary
 */
export async function exportAll(parts: ExportParts): Promise<Summary> {
  const { target, definitions, withClient, monotonicNow } = parts;
  const begun = monotonicNow();
  const opened = target && (await openTarget(target));
  const streams: StreamSummary[] = [];
  const requests = await withClient(async (client) => {
    const begun: BegunStream[] = [];
    // All before the first is read: a --full that ends in one stream is on record for those behind it too.
    for (const definition of definitions) {
      const stream = await beginStream(parts, opened, definition);
      begun.push(stream);
      if (stream.opening.failure !== undefined) break;
    }
    for (const stream of begun) {
      const summary = await exportStream(parts, stream, client);
      streams.push(summary);
      if (summary.status === "stopped" || summary.failure?.failureType === "config_error") break;
    }
    return client.requests();
  }).finally(opened?.store.close);
  const bad = streams.find(({ status }) => status !== "complete");
  return { status: bad?.status ?? "complete", streams, requests, ms: monotonicNow() - begun };
}

type BegunStream = Awaited<ReturnType<typeof beginStream>>;

/** Makes ready to export one stream. Does not throw: whatever went wrong is in `opening`. */
async function beginStream(
  { config, fields, full, escapeFormulas, stop }: ExportParts,
  opened: OpenTarget | undefined,
  definition: StreamDefinition,
) {
  const kept = opened && { store: opened.store, definition, project: projectMark(config), full, stop };
  const place = opened?.copies.get(definition.name);
  const copy = kept && place && { ...kept, ...place, escapeFormulas };
  const opening = await attempt(async () => {
    if (copy !== undefined) await checkCopyTarget(copy);
    return kept && openTable(kept, fields);
  });
  return { definition, kept, copy, opening };
}

/** Exports one stream. Does not throw: whatever went wrong is in the summary. */
async function exportStream(
  parts: ExportParts,
  { definition, kept, copy, opening }: BegunStream,
  client: Client,
): Promise<StreamSummary> {
  const { target, fields, monotonicNow, now } = parts;
  const [begun, begunAt, requests] = [monotonicNow(), now(), client.requests()];
  const receipt = new Receipt();
  const file = copy?.called ?? target?.store;
  const table = opening.result;
  const { result: statistics, ...outcome } = await attempt(async () => {
    if (opening.failure !== undefined) throw opening.failure;
    await readInto(table, { ...parts, file, columns: fields, definition, client, receipt });
    await table?.finish();
    if (copy !== undefined) await makeCopy(copy);
    return kept && statisticsOf(kept.store, definition);
  });
  const summary = {
    ...outcome,
    stream: definition.name,
    noun: definition.noun,
    file,
    table: kept && copy === undefined ? definition.name : undefined,
    receipt,
    changes: table?.changes,
    statistics,
    requests: client.requests() - requests,
    ms: monotonicNow() - begun,
  };
  // What is refused is left as it is.
  if (kept === undefined || table === undefined) return summary;
  const { status, failure } = await attempt(() => writeRun(kept.store, summary, begunAt, now()));
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
