import type { Client, Wait } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import { toConnectorError } from "../errors.ts";
import { partitionsOf, type StreamDefinition } from "../streams/stream.ts";
import { createProgress } from "../terminal/progress.ts";
import type { Reporter } from "../terminal/reporter.ts";
import type { StreamSummary, Summary } from "../terminal/summary.ts";
import { type CopyTarget, checkCopyTarget, makeCopy } from "./copy.ts";
import { type Destination, exportStream } from "./export-stream.ts";
import { fileFailure } from "./file-failure.ts";
import { openStore } from "./open-store.ts";
import { projectMark } from "./project.ts";
import { checkRuns, writeRun } from "./runs.ts";
import type { Store } from "./store.ts";
import { statisticsOf } from "./table-statistics.ts";
import { openTable } from "./table-writer.ts";
import { fileAt, resolvePath, type Target } from "./target.ts";
import { tellWaits } from "./waits.ts";
import { workFolderName } from "./work-folder.ts";

/** More would need more memory, fewer more time. */
const ROWS_A_COMMIT = 10_000;

/** What an export takes. */
export interface ExportParts {
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
  /** Monotonic ms. */
  readonly monotonicNow: () => number;
  /** Unix ms. */
  readonly now: () => number;
}

/** A file that is made from the store. */
interface CopyPlace extends Pick<CopyTarget, "called" | "path" | "workFolder"> {
  /** Permissions of what stands there. */
  readonly mode: number;
}

/** What is open while streams are exported; no store for a pipe. */
interface Opened {
  readonly store: Store | undefined;
  /** By stream; none for a database. */
  readonly copies: ReadonlyMap<string, CopyPlace>;
  readonly umask: number;
}

/**
 * Exports all streams, one after another. One that fails for a reason that may pass does not stop the next.
 * @throws ConnectorError where nothing could begin; what befell a stream is in the summary
 */
export async function exportAll(parts: ExportParts): Promise<Summary> {
  const begun = parts.monotonicNow();
  const opened = await openTarget(parts);
  const done: StreamSummary[] = [];
  let requests = 0;
  try {
    await parts.withClient(tellWaits(parts.reporter.note, parts.now), async (client) => {
      for (const definition of parts.definitions) {
        const { config, fields: columns, reporter, stop, monotonicNow, now } = parts;
        const { name: stream, noun } = definition;
        const partitions = partitionsOf(definition, config).length;
        const progress = createProgress({ stream, noun: noun.many, partitions }, monotonicNow);
        reporter.follow(progress);
        const reading = { definition, config, client, columns, stop, monotonicNow, now };
        const open = () => openDestination(parts, opened, definition);
        const begunAt = now();
        const exported = await exportStream({ ...reading, progress, note: reporter.note, open });
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
  return { status: bad?.status ?? "complete", streams: done, requests, ms: parts.monotonicNow() - begun };
}

/** Puts the receipt of a stream into the store; where only that fails, the stream's export has failed. */
async function putOnRecord(
  store: Store | undefined,
  summary: StreamSummary,
  begun: number,
  ended: number,
): Promise<StreamSummary> {
  try {
    if (store !== undefined) await writeRun(store, summary, begun, ended);
    return summary;
  } catch (error) {
    if (summary.status !== "complete") return summary;
    return { ...summary, status: "failed", failure: toConnectorError(error) };
  }
}

async function openTarget({ target, definitions }: ExportParts): Promise<Opened> {
  const umask = process.umask();
  const copies = new Map<string, CopyPlace>();
  if (target.form === "pipe") return { store: undefined, copies, umask };
  const [first, second] = definitions;
  try {
    if (target.form !== "duckdb")
      for (const definition of definitions) copies.set(definition.name, await copyPlace(target, definition));
    // A symlink as target has the store beside what it leads to, whatever name the next export is given.
    const only = first && second === undefined ? copies.get(first.name)?.path : undefined;
    const path = await resolvePath(only === undefined ? target.store : `${only}.duckdb`);
    const modes = [...copies.values()].map(({ mode }) => mode);
    const isWhereNamed = path === (await resolvePath(target.store).catch(() => undefined));
    const store = await openStore({
      called: isWhereNamed ? target.store : path,
      path,
      workFolders: [...copies.values()].map(({ workFolder }) => workFolder),
      mostMode: modes.reduce((most, mode) => most & mode, 0o777) | 0o600,
    });
    return { store, copies, umask };
  } catch (error) {
    throw fileFailure(
      error,
      target.form === "duckdb" ? target.store : ((first && target.fileOf(first.name)) ?? ""),
    );
  }
}

async function copyPlace(target: Target, { name }: StreamDefinition): Promise<CopyPlace> {
  const called = target.fileOf(name) ?? "";
  try {
    const path = await resolvePath(called);
    return {
      called,
      path,
      workFolder: workFolderName(path),
      mode: (await fileAt(path, called))?.mode ?? 0o777,
    };
  } catch (error) {
    throw fileFailure(error, called);
  }
}

async function openDestination(
  { target, fields, full, escapeFormulas, config, print, stop, now }: ExportParts,
  { store, copies, umask }: Opened,
  definition: StreamDefinition,
): Promise<Destination> {
  if (store === undefined) {
    const nothing = { file: undefined, table: undefined, state: undefined, notes: [], changes: undefined };
    const commit: Destination["commit"] = (rows) => print(rows.map(({ json }) => json));
    return { ...nothing, rowsACommit: 1, commit, finish: async () => undefined };
  }
  const project = projectMark(config);
  const common = { store, definition, project, full, stop, now };
  const place = copies.get(definition.name);
  const { form } = target;
  const copy =
    place === undefined || form === "duckdb" || form === "pipe"
      ? undefined
      : { ...common, ...place, form, umask, escapeFormulas };
  if (copy !== undefined) await checkCopyTarget(copy);
  await checkRuns(store);
  const table = await openTable({ ...common, fields });
  return {
    ...table,
    rowsACommit: ROWS_A_COMMIT,
    file: target.fileOf(definition.name),
    table: copy === undefined ? definition.name : undefined,
    async finish() {
      const revision = await table.finish();
      if (copy !== undefined) await makeCopy(copy, revision);
      return statisticsOf(store, definition);
    },
  };
}
