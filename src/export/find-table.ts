import { isDeepStrictEqual } from "node:util";
import { configError } from "../errors.ts";
import type { StreamDefinition } from "../streams/stream.ts";
import { countOf } from "../terminal/quantities.ts";
import { readTableStates, type TableState } from "./bookkeeping.ts";
import { quoteName, type Store } from "./store.ts";
import { type Column, relationIn, tableColumns } from "./table.ts";

const STARTS_OVER =
  "The last --full export was cut off; this one starts over. Without --full it would go on.";
const HAD_OTHERS = "The last --full export was cut off, and had other columns; this one starts over.";
const GOES_ON = "The last --full export was cut off; this one goes on with it.";

/** A stream that is kept in a store. */
export interface KeptStream {
  readonly definition: StreamDefinition;
  /** Mark of the project that the sessions are of. */
  readonly project: string;
  /** Whether to start over. What is there stays until the new is whole. */
  readonly full: boolean;
  readonly stop: AbortSignal;
}

/** A table that is there. */
interface OwnTable extends TableState {
  /** Names of all its columns. */
  readonly held: readonly string[];
}

/** The table that a stream is exported into: its own, or one beside it until a full export is whole. */
export interface FoundTable extends KeptStream {
  readonly store: Store;
  readonly table: string;
  /** That this export brings. */
  readonly columns: readonly Column[];
  /** What is known of the table; undefined where it is to be made, or made anew. */
  readonly before: TableState | undefined;
  /** What a person should know before the export begins. */
  readonly notes: readonly string[];
}

/**
 * Looks for the table that a stream is to be exported into. Nothing is changed.
 * @param fields picked columns; none picks all
 * @throws ConnectorError target_unusable for tables of others, and for another project's
 */
export async function findTable(
  store: Store,
  kept: KeptStream,
  fields: readonly string[],
): Promise<FoundTable> {
  const { definition, project, full } = kept;
  const { name: stream } = definition;
  const beside = `${stream}_new_by_export`;
  const columns = tableColumns(definition, fields);
  const names = columns.map(({ name }) => name);
  const states = await readTableStates(store, project);
  const main = await ownTable(store, stream, states);
  const unfinished = await ownTable(store, beside, states);
  // Gone on with, a part of its rows would have nothing in columns that they have now.
  const hadOthers = !full && unfinished !== undefined && !isDeepStrictEqual(unfinished.columns, names);
  const startsOver = full || hadOthers;
  const isBeside = unfinished !== undefined || (full && main !== undefined);
  const table = isBeside ? beside : stream;
  const before = startsOver ? undefined : (unfinished ?? main);
  const told = hadOthers ? HAD_OTHERS : full ? STARTS_OVER : GOES_ON;
  const notes = before === undefined ? [] : await fillingNotes(store, table, before, names, definition);
  return {
    ...{ ...kept, store, table, columns, before },
    notes: unfinished === undefined ? notes : [told, ...notes],
  };
}

/** @returns undefined where the table is not there, or is somebody's that is empty */
async function ownTable(
  store: Store,
  name: string,
  states: ReadonlyMap<string, TableState>,
): Promise<OwnTable | undefined> {
  const found = await relationIn(store, name);
  if (found === undefined) return undefined;
  const { kind, columns: held } = found;
  const state = kind === "table" ? states.get(name) : undefined;
  if (state !== undefined) return { ...state, held };
  if (kind === "table" && (await store.count(`SELECT count(*) FROM ${quoteName(name)}`)) === 0)
    return undefined;
  const sentence = `${store.called} has a ${kind} ${name} that this program did not make. It was left as it is; rename it, or choose another path.`;
  throw configError("target_unusable", sentence);
}

/** What a person is told whose export brings columns that the table lacks, or that the last export did not bring. */
async function fillingNotes(
  store: Store,
  table: string,
  { held, columns: brought }: OwnTable,
  columns: readonly string[],
  { noun }: StreamDefinition,
): Promise<readonly string[]> {
  const lacking = columns.filter((name) => !held.includes(name));
  const left = columns.filter((name) => held.includes(name) && !brought.includes(name));
  const allNull = left.map((name) => `${quoteName(name)} IS NULL`).join(" AND ");
  const notes: string[] = [];
  for (const [names, condition] of [[lacking, "true"] as const, [left, allNull] as const]) {
    if (names.length === 0) continue;
    const count = await store.count(`SELECT count(*) FROM ${quoteName(table)} WHERE ${condition}`);
    if (count === 0) continue;
    notes.push(
      `Nothing stands in ${names.join(", ")} for ${countOf(count, noun.one, noun.many)} of earlier exports. They are filled for what comes from now on; --full fills them for all.`,
    );
  }
  return notes;
}
