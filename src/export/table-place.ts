import { countOf } from "../terminal/quantities.ts";
import { readTableStates, type TableState } from "./bookkeeping.ts";
import { targetError } from "./file-failure.ts";
import { quoteName, type Store } from "./store.ts";
import { columnNames, relationKind } from "./table.ts";
import type { KeptStream } from "./table-writer.ts";

const STARTS_OVER =
  "The last --full export was cut off; this one starts over. Without --full it would go on.";
const GOES_ON = "The last --full export was cut off; this one goes on with it.";

/** Where a stream goes, as it was found. */
export interface Place {
  /** The table that is written to: the stream's, or one beside it until a full export is whole. */
  readonly table: string;
  /** Of that table; undefined where it is to be made, or made anew. */
  readonly before: TableState | undefined;
  /** What a person should know before it begins. */
  readonly notes: readonly string[];
}

/** The table that a full export is read into. */
export function asideOf(stream: string): string {
  return `${stream}_new_by_export`;
}

/**
 * Looks for a stream's table in a store; changes nothing.
 * @param columns that this export brings
 * @throws ConnectorError target_unusable for tables of others, and for another project's
 */
export async function findPlace(kept: KeptStream, columns: readonly string[]): Promise<Place> {
  const { store, definition, project, full } = kept;
  const { name: stream } = definition;
  const states = await readTableStates(store, project);
  const main = await ownTable(store, stream, states);
  const unfinished = await ownTable(store, asideOf(stream), states);
  const table = (full ? main : unfinished) === undefined ? stream : asideOf(stream);
  const before = full ? undefined : (unfinished ?? main);
  const notes = before === undefined ? [] : await fillingNotes(kept, table, before, columns);
  if (unfinished !== undefined) return { table, before, notes: [full ? STARTS_OVER : GOES_ON, ...notes] };
  return { table, before, notes };
}

/** @returns undefined where the table is not there, or is somebody's that is empty */
async function ownTable(
  store: Store,
  name: string,
  states: ReadonlyMap<string, TableState>,
): Promise<TableState | undefined> {
  const kind = await relationKind(store, name);
  if (kind === undefined) return undefined;
  const state = kind === "table" ? states.get(name) : undefined;
  if (state !== undefined) return state;
  if (kind === "table" && (await store.count(`SELECT count(*) FROM ${quoteName(name)}`)) === 0)
    return undefined;
  const sentence = `${store.path} has a ${kind} ${name} that this program did not make. It was left as it is; rename it, or choose another path.`;
  throw targetError("target_unusable", sentence);
}

/** What a person is told whose export brings columns that the one before did not. */
async function fillingNotes(
  { store, definition: { noun } }: KeptStream,
  table: string,
  before: TableState,
  columns: readonly string[],
): Promise<readonly string[]> {
  const existing = await columnNames(store, table);
  const wider = columns.filter((name) => !(before.columns ?? existing).includes(name));
  if (wider.length === 0) return [];
  const empty = wider.filter((name) => existing.includes(name)).map((name) => `${quoteName(name)} IS NULL`);
  const count = await store.count(
    `SELECT count(*) FROM ${quoteName(table)} WHERE ${["true", ...empty].join(" AND ")}`,
  );
  if (count === 0) return [];
  return [
    `Nothing stands in ${wider.join(", ")} for ${countOf(count, noun.one, noun.many)} of earlier exports. They are filled for what comes from now on; --full fills them for all.`,
  ];
}
