import type { Clock } from "../clock.ts";
import { configError } from "../errors.ts";
import type { TableState } from "../export/bookkeeping.ts";
import type { Store } from "../export/store.ts";
import { heldColumns } from "../export/table.ts";
import { field } from "../json.ts";
import { type StreamAccess, withPartition } from "../streams/open-partition.ts";
import { type Partition, partitionName, type StreamDefinition } from "../streams/stream.ts";
import { createStreamState } from "../streams/stream-state.ts";
import type { Cursor } from "../sync/cursor.ts";
import type { Span } from "../sync/page.ts";
import { PageKnowledge, Requests } from "../sync/requests.ts";
import { dayText } from "../terminal/quantities.ts";
import type { StreamVerdict } from "../terminal/verdict.ts";
import { type HeldRows, heldRows } from "./held-rows.ts";
import { mend, stageMissing, stageNone } from "./mend.ts";
import { type Comparison, type VerifyPartitionParts, verifyPartition } from "./verify-partition.ts";

/** What verifying a stream's table takes. */
export interface VerifyStreamParts extends Omit<StreamAccess, "columns">, Clock {
  readonly store: Store;
  readonly state: TableState;
  /** Whether to write what is missing, */
  readonly repair: boolean;
  /** and to delete what the API has no more. */
  readonly prune: boolean;
  /** Says something to the person. */
  readonly note: (text: string) => void;
}

/**
 * Holds a stream's table against the API, each partition for itself, and mends it if that is wanted.
 * @throws ConnectorError, or Cancelled; then nothing was changed
 */
export async function verifyStream(parts: VerifyStreamParts): Promise<StreamVerdict> {
  const { store, definition, client, repair, prune, monotonicNow, now } = parts;
  const { name: stream, noun } = definition;
  const begun = monotonicNow();
  const requests = client.requests();
  const columns = await heldColumns(store, definition);
  if (columns.length === 0) {
    const sentence = `The table ${stream} in ${store.called} is not there any more. Run export to make it anew.`;
    throw configError("target_unusable", sentence);
  }
  if (repair) await stageNone(store);
  const onMissing = async (json: readonly string[]) => (repair ? stageMissing(store, json) : undefined);
  const comparisons: Comparison[] = [];
  const removals: (() => Promise<number>)[] = [];
  let finished = true;
  const names = columns.map(({ name }) => name);
  const access = { ...parts, columns: names };
  for (const [partition, cursor] of cursorsIn(parts)) {
    const held = heldRows(store, definition, partition, names);
    const window = await exportedWindow(cursor, held, now());
    if (cursor === undefined || cursor.slice !== undefined) finished = false;
    if (window === undefined) continue;
    const comparison = await comparePartition(access, partition, { held, window, onMissing });
    comparisons.push(comparison);
    if (prune) removals.push(() => held.remove([...comparison.differences.gone.keys()]));
  }
  const mended = await mend(store, stream, columns, repair, removals);
  const verdict = addUp(comparisons);
  const left = verdict.missing - mended.missing + verdict.gone - mended.gone;
  const cost = { requests: client.requests() - requests, ms: monotonicNow() - begun };
  return { stream, noun, ...verdict, mended, finished, whole: finished && left === 0, ...cost };
}

async function comparePartition(
  access: StreamAccess & Pick<VerifyStreamParts, "note">,
  partition: Partition,
  parts: Pick<VerifyPartitionParts, "held" | "window" | "onMissing">,
): Promise<Comparison> {
  const called = [access.definition.name, partitionName(partition)].filter((text) => text !== "").join(" ");
  const note = (text: string) => access.note(`${called}: ${text}`);
  return withPartition(access, partition, ({ record, ...opened }) => {
    const requests = new Requests({ ...opened, pages: new PageKnowledge(), warn: note });
    return verifyPartition({ ...parts, requests, record, note });
  });
}

/** Where the export of each partition has come to, whatever the configuration says now. */
function cursorsIn({ definition, state }: VerifyStreamParts): readonly [Partition, Cursor | undefined][] {
  const partitions = partitionsIn(definition, state.state);
  const cursors = createStreamState(partitions, state.state);
  return partitions.map((partition) => [partition, cursors.cursorOf(partition)]);
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
async function exportedWindow(
  cursor: Cursor | undefined,
  rows: HeldRows,
  now: number,
): Promise<Span | undefined> {
  if (cursor === undefined) return undefined;
  const end = Math.floor(Math.min(cursor.timestamp, now) / 1000);
  // Version 0.1.0 did not say where it began.
  const start = cursor.since ?? (await rows.first());
  return start === undefined || start >= end ? undefined : { start, end };
}

function addUp(
  comparisons: readonly Comparison[],
): Pick<StreamVerdict, "counted" | "held" | "missing" | "gone" | "days"> {
  const sums = { held: 0, missing: 0, gone: 0 };
  const days = new Map<string, { missing: number; gone: number }>();
  const note = (kind: "missing" | "gone", start: number | undefined) => {
    const day = start === undefined ? "unknown day" : dayText(start);
    const each = days.get(day) ?? { missing: 0, gone: 0 };
    days.set(day, { ...each, [kind]: each[kind] + 1 });
    sums[kind] += 1;
  };
  for (const { held, differences } of comparisons) {
    sums.held += held;
    for (const start of differences.missing.values()) note("missing", start);
    for (const start of differences.gone.values()) note("gone", start);
  }
  // Spans in which the counts agree, and the rows of those that were compared. A count of all may be capped.
  const counted = sums.held + sums.missing - sums.gone;
  return { counted, ...sums, days: new Map([...days].sort(([a], [b]) => (a < b ? -1 : 1))) };
}
