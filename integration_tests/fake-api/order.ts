import type { Dataset } from "./dataset.ts";
import { hash } from "./random.ts";
import type { Range } from "./ranges.ts";
import type { Membership } from "./segments.ts";

/**
 * The order of the answers: by start, upwards or downwards; arbitrary but always the same, whatever comes and goes
 * in between; or another one at every request.
 */
export type Order = "ascending" | "descending" | "arbitrary" | "random";

/** What sessions are asked for. */
export interface Selection {
  /** The earliest start, ms since the epoch, inclusive. */
  readonly from: number;
  /** The latest start, ms since the epoch, exclusive. */
  readonly to: number;
  readonly segmentId?: string | undefined;
}

/** A page of ids, and how many there are in all. */
export interface Page {
  readonly total: number;
  readonly ids: readonly number[];
}

/** Gives page `offset` (rows before it), of at most `limit` rows, of a selection, to request number `request`. */
export type Pager = (selection: Selection, offset: number, limit: number, request: number) => Page;

/** Lists kept for the pages that follow: a reader walks one selection at a time. */
const KEPT_LISTS = 4;
/** A hash and a position share a double's 53 bits, so that sorting needs no comparing function. */
const POSITIONS = 2 ** 27;

/** The ids in an order drawn from `seed`, in which each id keeps its place among the others. */
export function shuffled(ids: readonly number[], seed: number): readonly number[] {
  const keys = new Float64Array(ids.length);
  for (const [position, id] of ids.entries()) {
    keys[position] = (hash(seed, id, 100) >>> 6) * POSITIONS + position;
  }
  keys.sort();
  return Array.from(keys, (key) => ids[key % POSITIONS] ?? 0);
}

/** A page counted from the range's end. */
function fromTheEnd(dataset: Dataset, range: Range, offset: number, limit: number): readonly number[] {
  const end = range.total - offset;
  const start = Math.max(0, end - limit);
  return dataset.ids(range, start, end - start).reverse();
}

/** Answers pages of `dataset`; lists are made only where neither order nor segment can do without. */
export function createPager(dataset: Dataset, membership: Membership, order: Order, seed: number): Pager {
  const lists = new Map<string, readonly number[]>();
  let version = dataset.version;

  const listed = (selection: Selection): readonly number[] => {
    if (version !== dataset.version) lists.clear();
    version = dataset.version;
    const { from, to, segmentId } = selection;
    const key = JSON.stringify([from, to, segmentId]);
    const kept = lists.get(key);
    if (kept !== undefined) return kept;
    const range = dataset.range(from, to);
    const all = dataset.ids(range, 0, range.total);
    const ids = segmentId === undefined ? all : all.filter((id) => membership.belongs(segmentId, id));
    if (order === "descending") ids.reverse();
    const list = order === "arbitrary" ? shuffled(ids, seed) : ids;
    const [oldest] = lists.keys();
    if (oldest !== undefined && lists.size >= KEPT_LISTS) lists.delete(oldest);
    lists.set(key, list);
    return list;
  };

  return (selection, offset, limit, request) => {
    if (selection.segmentId === undefined && (order === "ascending" || order === "descending")) {
      const range = dataset.range(selection.from, selection.to);
      const read = order === "ascending" ? dataset.ids : fromTheEnd.bind(undefined, dataset);
      return { total: range.total, ids: read(range, offset, limit) };
    }
    const list = listed(selection);
    const answered = order === "random" ? shuffled(list, hash(seed, request, 101)) : list;
    return { total: answered.length, ids: answered.slice(offset, offset + limit) };
  };
}
