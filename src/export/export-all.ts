import type { Client, Wait } from "../browsee/client.ts";
import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import { Cancelled, toConnectorError } from "../errors.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import { Receipt } from "../sync/page.ts";
import { tellWaits } from "../terminal/outcome-text.ts";
import type { Reporter } from "../terminal/reporter.ts";
import type { StreamSummary, Summary } from "../terminal/summary.ts";
import { projectMark } from "./bookkeeping.ts";
import { checkCopyTarget, makeCopy } from "./copy.ts";
import { type OpenTarget, openTarget } from "./open-target.ts";
import { readInto } from "./read-into.ts";
import { writeRun } from "./runs.ts";
import type { Store } from "./store.ts";
import { statisticsOf } from "./table-statistics.ts";
import { openTable, type TableWriter } from "./table-writer.ts";
import type { Target } from "./target.ts";

/** What an export takes. */
export interface ExportParts extends Clock {
  readonly config: Config;
  readonly target: Target;
  readonly definitions: readonly StreamDefinition[];
  /** Picked fields; none picks all. */
  readonly fields: readonly string[];
  readonly full: boolean;
  readonly escapeFormulas: boolean;
  readonly reporter: Reporter;
  /** Does some work with the one client of the process. */
  readonly withClient: <T>(onWait: (wait: Wait) => void, work: (client: Client) => Promise<T>) => Promise<T>;
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
  const { definitions, reporter, withClient, monotonicNow, now } = parts;
  const begun = monotonicNow();
  const opened = await openTarget(parts.target);
  const done: StreamSummary[] = [];
  let requests = 0;
  try {
    await withClient(tellWaits(reporter.note, now), async (client) => {
      for (const definition of definitions) {
        const begunAt = now();
        const exported = await exportStream(parts, opened, definition, client);
        const summary = await putOnRecord(opened.store, exported, begunAt, now());
        done.push(summary);
        if (summary.status === "stopped" || summary.failure?.failureType === "config_error") break;
      }
      requests = client.requests();
    });
  } finally {
    await opened.store?.close();
  }
  const bad = done.find(({ status }) => status !== "complete");
  return { status: bad?.status ?? "complete", streams: done, requests, ms: monotonicNow() - begun };
}

/** Puts the receipt of a stream into the store; where only that fails, the stream's export has failed. */
async function putOnRecord(
  store: Store | undefined,
  summary: StreamSummary,
  begun: number,
  ended: number,
): Promise<StreamSummary> {
  try {
    // What is refused is left as it is.
    if (store !== undefined && summary.changes !== undefined) await writeRun(store, summary, begun, ended);
    return summary;
  } catch (error) {
    if (summary.status !== "complete") return summary;
    return { ...summary, status: "failed", failure: toConnectorError(error) };
  }
}

/** Exports one stream. Does not throw: whatever went wrong is in the summary. */
async function exportStream(
  parts: ExportParts,
  { store, copies }: OpenTarget,
  definition: StreamDefinition,
  client: Client,
): Promise<StreamSummary> {
  const { config, target, fields, full, escapeFormulas, stop, monotonicNow } = parts;
  const begun = monotonicNow();
  const requests = client.requests();
  const receipt = new Receipt();
  const kept = store && { store, definition, project: projectMark(config), full, stop };
  const place = copies.get(definition.name);
  const copy = kept && place && { ...kept, ...place, escapeFormulas };
  const file = store && (place?.called ?? target.store);
  let table: TableWriter | undefined;
  let outcome: Pick<StreamSummary, "status" | "statistics" | "failure">;
  try {
    if (copy !== undefined) await checkCopyTarget(copy);
    table = kept && (await openTable(kept, fields));
    await readInto(table, { ...parts, file, columns: fields, definition, client, receipt });
    await table?.finish();
    if (copy !== undefined) await makeCopy(copy);
    const statistics = store && (await statisticsOf(store, definition));
    outcome = { status: "complete", statistics, failure: undefined };
  } catch (error) {
    const isStopped = error instanceof Cancelled;
    const failure = isStopped ? undefined : toConnectorError(error);
    outcome = { status: isStopped ? "stopped" : "failed", statistics: undefined, failure };
  }
  return {
    ...outcome,
    stream: definition.name,
    noun: definition.noun,
    file,
    table: store && place === undefined ? definition.name : undefined,
    receipt,
    changes: table?.changes,
    requests: client.requests() - requests,
    ms: monotonicNow() - begun,
  };
}
