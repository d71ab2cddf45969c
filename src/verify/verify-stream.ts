import type { Client } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import { configError } from "../errors.ts";
import type { TableState } from "../export/bookkeeping.ts";
import { targetError } from "../export/file-failure.ts";
import type { Store } from "../export/store.ts";
import { heldColumns } from "../export/table.ts";
import { field } from "../json.ts";
import { columnsOf, namePartition, openPartition } from "../streams/open-partition.ts";
import { type Partition, partitionName, type StreamDefinition } from "../streams/stream.ts";
import { createStreamState } from "../streams/stream-state.ts";
import type { Cursor } from "../sync/cursor.ts";
import type { Span } from "../sync/page.ts";
import { PageKnowledge, Requests } from "../sync/requests.ts";
import type { StreamVerdict } from "../terminal/verdict.ts";
import { type HeldRows, heldRows } from "./held-rows.ts";
import { mend, stageTexts } from "./mend.ts";
import { type Comparison, verifyPartition } from "./verify-partition.ts";

/** What verifying a stream's table takes. */
export interface VerifyStreamParts {
  readonly store: Store;
  readonly definition: StreamDefinition;
  readonly state: TableState;
  readonly config: Config;
  readonly client: Client;
  /** Whether to write what is missing, */
  readonly repair: boolean;
  /** and to delete what the API has no more. */
  readonly prune: boolean;
  /** Says something to the person. */
  readonly note: (text: string) => void;
  readonly stop: AbortSignal;
  /** Monotonic ms. */
  readonly monotonicNow: () => number;
  /** Unix ms. */
  readonly now: () => number;
}

/**
 * Holds a stream's table against the API, each partition for itself, and mends it if that is wanted.
 * @throws ConnectorError, or Cancelled; then nothing was changed
 */
export async function verifyStream(parts: VerifyStreamParts): Promise<StreamVerdict> {
  const { store, definition, client, repair, prune, monotonicNow, now } = parts;
  const begun = monotonicNow();
  const requests = client.requests();
  const columns = await heldColumns(store, definition);
  if (columns.length === 0) {
    const sentence = `The table ${definition.name} in ${store.path} is not there any more. Run export to make it anew.`;
    throw targetError("target_unusable", sentence);
  }
  const missing = await stageTexts(store, "browsee_verify_missing");
  const gone = await stageTexts(store, "browsee_verify_gone");
  const onMissing = async (json: readonly string[]) => (repair ? missing.add(json) : undefined);
  const comparisons: Comparison[] = [];
  let finished = true;
  const names = columns.map(({ name }) => name);
  for (const [partition, cursor] of cursorsIn(parts)) {
    const rows = heldRows(store, definition, partition, names);
    const window = await windowOf(cursor, rows, now());
    if (cursor === undefined || cursor.slice !== undefined) finished = false;
    if (window === undefined) continue;
    const comparison = await comparePartition(parts, partition, names, { held: rows, window, onMissing });
    comparisons.push(comparison);
    const keys = [...comparison.differences.gone.keys()];
    if (prune)
      await gone.add(keys.map((key) => JSON.stringify({ ...partition, [definition.madeColumns.key]: key })));
  }
  const mended = await mend({
    ...{ store, definition, columns },
    missing: repair ? missing : undefined,
    gone: prune ? gone : undefined,
  });
  const verdict = addUp(comparisons);
  const left = verdict.missing - mended.missing + verdict.gone - mended.gone;
  const cost = { requests: client.requests() - requests, ms: monotonicNow() - begun };
  const { name: stream, noun } = definition;
  return { stream, noun, ...verdict, mended, finished, whole: finished && left === 0, ...cost };
}

async function comparePartition(
  { definition, config, client, stop, note }: VerifyStreamParts,
  partition: Partition,
  names: readonly string[],
  parts: { held: HeldRows; window: Span; onMissing: (json: readonly string[]) => Promise<void> },
): Promise<Comparison> {
  const columns = columnsOf(definition, names);
  const { fetch, record } = openPartition(definition, partition, config, columns, client, stop);
  const { acceptCountMismatch } = config;
  const called = [definition.name, partitionName(partition)].filter((text) => text !== "").join(" ");
  const tell = (text: string) => note(`${called}: ${text}`);
  const requests = new Requests({ fetch, pages: new PageKnowledge(), acceptCountMismatch, warn: tell });
  try {
    return await verifyPartition({ ...parts, requests, record, note: tell });
  } catch (error) {
    throw namePartition(error, definition, partition);
  }
}

/** Where the export of each partition has come to, whatever the configuration says now. */
function cursorsIn({
  definition,
  state,
  store,
}: VerifyStreamParts): readonly [Partition, Cursor | undefined][] {
  try {
    const partitions = partitionsIn(definition, state.state);
    const cursors = createStreamState(partitions, state.state);
    return partitions.map((partition) => [partition, cursors.cursorOf(partition)]);
  } catch (error) {
    const sentence = `The progress kept in ${store.path} can't be read. Run export with --full to export everything anew.`;
    throw configError("state_invalid", sentence, String(error));
  }
}

function partitionsIn({ partitionedBy }: StreamDefinition, state: unknown): readonly Partition[] {
  if (partitionedBy === undefined) return [{}];
  const entries = field(state, "states");
  return (Array.isArray(entries) ? entries : []).flatMap((entry) => {
    const value = field(field(entry, "partition"), partitionedBy.field);
    return typeof value === "string" ? [{ [partitionedBy.field]: value }] : [];
  });
}

/** The time that was exported: what is younger is the next export's. @param now Unix ms */
async function windowOf(cursor: Cursor | undefined, rows: HeldRows, now: number): Promise<Span | undefined> {
  if (cursor === undefined) return undefined;
  const end = Math.floor(Math.min(cursor.timestamp, now) / 1000);
  // Version 0.1.0 did not say where it began.
  const start = cursor.since ?? (await rows.first());
  return start === undefined || start >= end ? undefined : { start, end };
}

function addUp(
  comparisons: readonly Comparison[],
): Pick<StreamVerdict, "counted" | "held" | "missing" | "gone" | "days"> {
  const sum = (count: (each: Comparison) => number) =>
    comparisons.reduce((all, each) => all + count(each), 0);
  const days = new Map<string, { missing: number; gone: number }>();
  const note = (kind: "missing" | "gone") => (start: number | undefined) => {
    const day = start === undefined ? "unknown day" : new Date(start).toISOString().slice(0, 10);
    const each = days.get(day) ?? { missing: 0, gone: 0 };
    days.set(day, { ...each, [kind]: each[kind] + 1 });
  };
  for (const { differences } of comparisons) {
    for (const start of differences.missing.values()) note("missing")(start);
    for (const start of differences.gone.values()) note("gone")(start);
  }
  const held = sum((each) => each.held);
  const missing = sum(({ differences }) => differences.missing.size);
  const gone = sum(({ differences }) => differences.gone.size);
  // Spans in which the counts agree, and the rows of those that were compared. A count of all may be capped.
  const counted = held + missing - gone;
  return { counted, held, missing, gone, days: new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
