import type { Dataset } from "./dataset.ts";
import { hash } from "./random.ts";
import type { Range } from "./ranges.ts";
import type { Membership } from "./segments.ts";
import { isSession } from "./session.ts";
import type { Order, Switches } from "./switches.ts";

/** What sessions are asked for. */
export interface Selection {
  /** The earliest start, ms since the epoch, inclusive. */
  readonly from: number;
  /** The latest start, ms since the epoch, exclusive. */
  readonly to: number;
  /** Sessions are asked for by their end, too: whether one is meant, by its start and end in ms since the epoch. */
  readonly wanted?: ((start: number, end: number) => boolean) | undefined;
  readonly segmentId?: string | undefined;
}

/** A page of ids, how many there are in all, and how many there were some requests ago. */
export interface Page {
  readonly total: number;
  readonly before: number;
  readonly ids: readonly number[];
}

/** Gives page `offset` (rows before it), of at most `limit` rows, of a selection, to request number `request`. */
export type Pager = (
  selection: Selection,
  offset: number,
  limit: number,
  request: number,
  switches: Switches,
) => Page;

/** Lists kept for the pages that follow: a reader goes through one selection at a time. */
const KEPT_LISTS = 4;

/** The ids in an order drawn from `seed`, in which each id keeps its place among the others. */
export function shuffled(ids: readonly number[], seed: number): readonly number[] {
  return sortedBy(ids, (id) => hash(seed, id, 100));
}

function sortedBy(ids: readonly number[], rank: (id: number) => number): readonly number[] {
  const ranks = new Map(ids.map((id) => [id, rank(id)]));
  const of = (id: number) => ranks.get(id) ?? 0;
  return [...ids].sort((a, b) => of(a) - of(b));
}

/** A page counted from the range's end. */
function fromTheEnd(dataset: Dataset, range: Range, offset: number, limit: number): readonly number[] {
  const end = range.total - offset;
  const start = Math.max(0, end - limit);
  return dataset.ids(range, start, end - start).reverse();
}

/** Durations by id; those of sessions that never changed are made of their rows only once. */
function durationsOf(dataset: Dataset): (id: number) => number {
  const known = new Map<number, number>();
  const read = (id: number) => {
    const row = dataset.row(id);
    const duration = isSession(row) ? row.duration : 0;
    return typeof duration === "number" ? duration : 0;
  };
  return (id) => {
    if (dataset.isChanged(id)) return read(id);
    const duration = known.get(id) ?? read(id);
    known.set(id, duration);
    return duration;
  };
}

/** By what the rows of an answer are sorted; a random order is drawn later. */
function rankOf(
  dataset: Dataset,
  durationOf: (id: number) => number,
  order: Order,
  seed: number,
): (id: number) => number {
  switch (order) {
    case "ascending":
    case "random":
      return dataset.timestamp;
    case "descending":
      return (id) => -dataset.timestamp(id);
    case "insertion":
      return (id) => id;
    case "newest":
      return (id) => -id;
    case "activity":
      return (id) => -dataset.timestamp(id) - durationOf(id);
    case "duration":
      return (id) => durationOf(id);
    case "arbitrary":
      return (id) => hash(seed, id, 100);
  }
}

/** Answers pages of `dataset`; lists are made only where ranges of starts can't do without. */
export function createPager(dataset: Dataset, membership: Membership, seed: number): Pager {
  const lists = new Map<string, readonly number[]>();
  const durationOf = durationsOf(dataset);
  let version = dataset.version;

  const idsOf = ({ from, to, wanted, segmentId }: Selection): readonly number[] => {
    const range = dataset.range(from, to);
    const meant = (id: number) => {
      const start = dataset.timestamp(id);
      return wanted?.(start, start + durationOf(id)) ?? true;
    };
    return dataset
      .ids(range, 0, range.total)
      .filter((id) => (segmentId === undefined || membership.belongs(segmentId, id)) && meant(id));
  };
  const listed = (selection: Selection, { order }: Switches): readonly number[] => {
    if (version !== dataset.version) lists.clear();
    version = dataset.version;
    const key = selection.wanted === undefined ? JSON.stringify([selection, order]) : undefined;
    const kept = lists.get(key ?? "");
    if (kept !== undefined) return kept;
    const ids = idsOf(selection);
    const list = order === "ascending" ? ids : sortedBy(ids, rankOf(dataset, durationOf, order, seed));
    if (key === undefined) return list;
    const [oldest] = lists.keys();
    if (oldest !== undefined && lists.size >= KEPT_LISTS) lists.delete(oldest);
    lists.set(key, list);
    return list;
  };
  const drawn = (ids: readonly number[], request: number, { order, ties }: Switches): readonly number[] => {
    if (order !== "random" && ties === "lasting") return ids;
    const mixed = shuffled(ids, hash(seed, request, 101));
    return order === "random" ? mixed : sortedBy(mixed, rankOf(dataset, durationOf, order, seed));
  };

  return (selection, offset, limit, request, switches) => {
    if (isPlain(selection, switches)) {
      const range = dataset.range(selection.from, selection.to);
      const read = switches.order === "ascending" ? dataset.ids : fromTheEnd.bind(undefined, dataset);
      return { total: range.total, before: range.total, ids: read(range, offset, limit) };
    }
    const { lag, replicas } = switches;
    const list = listed(selection, switches);
    const known =
      lag === 0 ? list : list.filter((id) => dataset.firstRequest(id) <= Math.max(0, request - lag));
    const all = drawn(replicas > 0 && request % 2 === 0 ? known : list, request, switches);
    return { total: all.length, before: known.length, ids: all.slice(offset, offset + limit) };
  };
}

/** Whether a page is a part of a range of starts. */
function isPlain({ wanted, segmentId }: Selection, { order, ties, lag }: Switches): boolean {
  const byStart = order === "ascending" || order === "descending";
  return byStart && ties === "lasting" && lag === 0 && wanted === undefined && segmentId === undefined;
}
