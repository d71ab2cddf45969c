import { hash } from "node:crypto";
import type { Client, Wait } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import { exportStream } from "./export-stream.ts";
import { exportedStream } from "./exported-stream.ts";
import { fileTrouble } from "./file-trouble.ts";
import type { Target } from "./form.ts";
import { type Lock, takeLock } from "./lock.ts";
import { openSink } from "./open-sink.ts";
import { createPipeSink } from "./pipe-sink.ts";
import type { Progress } from "./progress.ts";
import type { Reporter } from "./reporter.ts";
import type { Sink } from "./sink.ts";
import type { StreamSummary, Summary } from "./summary.ts";

/** Waits shorter than this are nobody's business. */
const SHORT_WAIT_MS = 2000;

/** What an export takes. */
export interface ExportParts {
  readonly config: Config;
  readonly target: Target;
  readonly streams: readonly { readonly definition: StreamDefinition; readonly progress: Progress }[];
  /** Picked fields; none picks all. */
  readonly fields: readonly string[];
  readonly full: boolean;
  readonly reporter: Reporter;
  /** Does some work with the one client of the process. */
  readonly withClient: <T>(onWait: (wait: Wait) => void, work: (client: Client) => Promise<T>) => Promise<T>;
  /** Writes lines to stdout. */
  readonly print: (lines: readonly string[]) => Promise<void>;
  readonly pid: number;
  readonly stop: AbortSignal;
  /** Monotonic ms. */
  readonly clock: () => number;
  /** Unix ms. */
  readonly now: () => number;
}

/**
 * Exports all streams, one after another. One that fails for a reason that may pass does not stop the next.
 * @throws ConnectorError where nothing could begin; what befell a stream is in the summary
 */
export async function exportAll(parts: ExportParts): Promise<Summary> {
  const begun = parts.clock();
  const locks = await takeLocks(parts);
  const done: StreamSummary[] = [];
  let requests = 0;
  try {
    await parts.withClient(tellWaits(parts.reporter), async (client) => {
      for (const { definition, progress } of parts.streams) {
        const summary = await exportOne(parts, client, locks, definition, progress);
        done.push(summary);
        if (summary.status === "stopped" || summary.failure?.failureType === "config_error") break;
      }
      requests = client.requests();
    });
  } finally {
    for (const lock of locks.values()) await lock.release();
  }
  const bad = done.find(({ status }) => status !== "complete");
  return { status: bad?.status ?? "complete", streams: done, requests, ms: parts.clock() - begun };
}

async function takeLocks({ target, streams, pid }: ExportParts): Promise<ReadonlyMap<string, Lock>> {
  const locks = new Map<string, Lock>();
  try {
    for (const { definition } of streams) {
      const path = target.fileOf(definition.name);
      if (path === undefined || locks.has(path)) continue;
      locks.set(
        path,
        await takeLock(path, pid).catch((error: unknown) => {
          throw fileTrouble(error, path);
        }),
      );
    }
    return locks;
  } catch (error) {
    for (const lock of locks.values()) await lock.release();
    throw error;
  }
}

function exportOne(
  parts: ExportParts,
  client: Client,
  locks: ReadonlyMap<string, Lock>,
  definition: StreamDefinition,
  progress: Progress,
): Promise<StreamSummary> {
  const { config, fields, reporter, stop, clock, now } = parts;
  const open = () => openFor(parts, locks, definition);
  return exportStream({
    definition,
    fields,
    config,
    client,
    progress,
    note: reporter.note,
    openSink: open,
    stop,
    clock,
    now,
  });
}

async function openFor(
  { target, config, fields, full, print, stop, now }: ExportParts,
  locks: ReadonlyMap<string, Lock>,
  definition: StreamDefinition,
): Promise<Sink> {
  const path = target.fileOf(definition.name);
  const lock = path === undefined ? undefined : locks.get(path);
  if (target.form === "pipe" || path === undefined || lock === undefined) return createPipeSink(print);
  const stream = exportedStream(definition, fields);
  const project = projectMark(config.apiKey);
  return openSink(target.form, { stream, path, lock, project, full, stop }, now);
}

/** Tells projects apart without telling the key. */
function projectMark(apiKey: string): string {
  return hash("sha256", `source-browsee project\n${apiKey}`).slice(0, 16);
}

function tellWaits({ note }: Reporter): (wait: Wait) => void {
  return ({ ms, attempts, failure }) => {
    if (ms < SHORT_WAIT_MS) return;
    const seconds = (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);
    note(`${failure.message}; attempt ${attempts} failed, asking again in ${seconds} s`);
  };
}
