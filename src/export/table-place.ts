import { countOf } from "../terminal/quantities.ts";
import { readTableStates, type TableState } from "./bookkeeping.ts";
import { targetError } from "./file-failure.ts";
import { checkProject } from "./project.ts";
import { quoteName, type Store } from "./store.ts";
import { columnNames, relationKind } from "./table.ts";
import type { TableParts } from "./table-writer.ts";

const STARTS_OVER =
  "The last --full export was cut off; this one starts over. Without --full it would go on.";
const GOES_ON = "The last --full export was cut off; this one goes on with it.";

/** The table that a full export is read into until it is whole. */
export function asideOf(stream: string): string {
  return `${stream}_new_by_export`;
}

/** Where a stream goes, as it was found. */
export interface Place {
  /** The table that is written to: the stream's, or one beside it until a full export is whole. */
  readonly table: string;
  /** Of that table; undefined where it is to be made, or made anew. */
  readonly before: TableState | undefined;
  /** What is to be kept of the stream's table, whatever is exported. */
  readonly kept: Pick<TableState, "revision" | "copies">;
  /** What a person should know before it begins. */
  readonly notes: readonly string[];
}

/**
 * Looks for a stream's table in a store; changes nothing.
 * @param columns that this export brings
 * @throws ConnectorError target_unusable for tables of others, and for another project's
 */
export async function findPlace(parts: TableParts, columns: readonly string[]): Promise<Place> {
  const { store, definition, project, full } = parts;
  const { name: stream } = definition;
  const aside = asideOf(stream);
  const states = await readTableStates(store);
  for (const state of states.values()) checkProject(store, state, project);
  const isThere = await checkTable(store, stream, states);
  const unfinished = (await checkTable(store, aside, states)) ? states.get(aside) : undefined;
  const main = states.get(stream);
  const kept = { revision: main?.revision ?? 0, copies: main?.copies ?? {} };
  if (full) {
    const table = isThere && main !== undefined ? aside : stream;
    return { table, before: undefined, kept, notes: unfinished === undefined ? [] : [STARTS_OVER] };
  }
  if (unfinished !== undefined) {
    const notes = [GOES_ON, ...(await fillingNotes(parts, aside, unfinished, columns))];
    return { table: aside, before: unfinished, kept, notes };
  }
  if (main !== undefined && isThere)
    return { table: stream, before: main, kept, notes: await fillingNotes(parts, stream, main, columns) };
  const gone = `The table ${stream} in ${store.path} is not there any more, so the export starts over.`;
  return { table: stream, before: undefined, kept, notes: main === undefined ? [] : [gone] };
}

/** @returns whether the table is there */
async function checkTable(
  store: Store,
  name: string,
  states: ReadonlyMap<string, TableState>,
): Promise<boolean> {
  const kind = await relationKind(store, name);
  const isOurs = kind === "table" && states.has(name);
  if (kind === undefined || isOurs) return isOurs;
  if (kind === "table" && (await store.count(`SELECT count(*) FROM ${quoteName(name)}`)) === 0) return false;
  const sentence = `${store.path} has a ${kind} ${name} that this program did not make. It was left as it is; rename it, or choose another path.`;
  throw targetError("target_unusable", sentence);
}

/** What a person is told whose export brings columns that the one before did not. */
async function fillingNotes(
  { store, definition: { noun } }: TableParts,
  table: string,
  before: TableState | undefined,
  columns: readonly string[],
): Promise<readonly string[]> {
  if (before === undefined) return [];
  const existing = await columnNames(store, table);
  const wider = columns.filter((name) => !(before.columns ?? existing).includes(name));
  if (wider.length === 0) return [];
  const known = wider.filter((name) => existing.includes(name));
  const empty = known.map((name) => `${quoteName(name)} IS NULL`);
  const where = empty.length === 0 ? "" : ` WHERE ${empty.join(" AND ")}`;
  const count = await store.count(`SELECT count(*) FROM ${quoteName(table)}${where}`);
  if (count === 0) return [];
  return [
    `Nothing stands in ${wider.join(", ")} for ${countOf(count, noun.one, noun.many)} of earlier exports. They are filled for what comes from now on; --full fills them for all.`,
  ];
}
