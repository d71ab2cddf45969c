import { isDeepStrictEqual } from "node:util";
import type { StreamDefinition } from "../streams/stream.ts";
import { countOf } from "../terminal/quantities.ts";
import type { Changes } from "../terminal/summary.ts";
import {
  moveTableState,
  outdateFiles,
  readTableStates,
  type TableState,
  writeTableState,
} from "./bookkeeping.ts";
import { targetError } from "./file-failure.ts";
import { mergeRows, STAGED, stageRows } from "./rows.ts";
import { quoteName, type Store } from "./store.ts";
import { columnNames, heldColumns, prepareTable, relationKind, tableColumns } from "./table.ts";

const STARTS_OVER =
  "The last --full export was cut off; this one starts over. Without --full it would go on.";
const HAD_OTHERS = "The last --full export was cut off, and had other columns; this one starts over.";
const GOES_ON = "The last --full export was cut off; this one goes on with it.";

/** A stream in a store. */
export interface KeptStream {
  readonly store: Store;
  readonly definition: StreamDefinition;
  /** Mark of the project that the sessions are of. */
  readonly project: string;
  /** Whether to start over. What is there stays until the new is whole. */
  readonly full: boolean;
  readonly stop: AbortSignal;
}

/** The table that a stream is exported into. */
export type TableWriter = Awaited<ReturnType<typeof openTable>>;

/** The table that a full export is read into. */
export function newTableOf(stream: string): string {
  return `${stream}_new_by_export`;
}

/**
 * Looks for a stream's table; nothing is changed before the first commit, but that a full export has begun is put on
 * record, so that it is gone on with wherever it ends.
 * @param fields picked columns; none picks all
 * @throws ConnectorError target_unusable
 */
export async function openTable(kept: KeptStream, fields: readonly string[]) {
  const { store, definition, project } = kept;
  const { name: stream } = definition;
  const columns = tableColumns(definition, fields);
  const names = columns.map(({ name }) => name);
  const { table, before, notes } = await findTable(kept, names);
  const changes: Changes = { added: 0, changed: 0, gone: 0 };
  let prepared = false;

  /** Makes the table ready, in the transaction that is open. @returns whether it has columns that it had not */
  async function prepare(): Promise<boolean> {
    if (before === undefined) await store.run(`DROP TABLE IF EXISTS ${quoteName(newTableOf(stream))}`);
    return prepareTable(store, table, definition, columns);
  }

  if (before === undefined && table !== stream) {
    await store.transaction(async () => {
      await prepare();
      await writeTableState(store, table, project, {}, names);
    });
    prepared = true;
  }

  return {
    /** Where the last export ended (stream_state); undefined where this one begins from the start. */
    state: before?.state,
    /** What a person should know before it begins. */
    notes,
    /** Of what was committed. */
    changes,
    /**
     * Brings rows and the state that covers them into the table, in one transaction.
     * @param lines a session as JSON each, each key once
     */
    async commit(lines: readonly string[], state: object): Promise<void> {
      if (lines.length > 0) await stageRows(store, columns, lines);
      const { added, changed } = await store.transaction(async () => {
        const isWider = !prepared && (await prepare());
        const merge = { definition, into: table, from: STAGED, columns, isAll: false };
        const merged = lines.length > 0 ? await mergeRows(store, merge) : { added: 0, changed: 0 };
        if (isWider || merged.added + merged.changed > 0) await outdateFiles(store, stream);
        await writeTableState(store, table, project, state, names);
        return merged;
      });
      prepared = true;
      changes.added += added;
      changes.changed += changed;
    },
    /** The stream was read to its end, and all is committed: a full export takes the place of what was there. */
    async finish(): Promise<void> {
      if (table !== stream) Object.assign(changes, await putInPlace(kept));
    },
  };
}

/**
 * The table that is written to: the stream's, or one beside it until a full export is whole. Nothing is changed.
 * @param columns that this export brings
 * @returns what is known of that table (undefined where it is to be made, or made anew), and what a person should know
 * @throws ConnectorError target_unusable for tables of others, and for another project's
 */
async function findTable(kept: KeptStream, columns: readonly string[]) {
  const { store, definition, project, full } = kept;
  const { name: stream } = definition;
  const states = await readTableStates(store, project);
  const main = await ownTable(store, stream, states);
  const unfinished = await ownTable(store, newTableOf(stream), states);
  // Gone on with, a part of its rows would have nothing in columns that they have now.
  const hadOthers = !full && unfinished !== undefined && !isDeepStrictEqual(unfinished.columns, columns);
  const startsOver = full || hadOthers;
  const table = (startsOver ? main : unfinished) === undefined ? stream : newTableOf(stream);
  const before = startsOver ? undefined : (unfinished ?? main);
  const notes = before === undefined ? [] : await fillingNotes(kept, table, before, columns);
  if (unfinished === undefined) return { table, before, notes };
  const told = hadOthers ? HAD_OTHERS : full ? STARTS_OVER : GOES_ON;
  return { table, before, notes: [told, ...notes] };
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

/** What a person is told whose export brings columns that the table lacks, or that the last export did not bring. */
async function fillingNotes(
  { store, definition: { noun } }: KeptStream,
  table: string,
  before: TableState,
  columns: readonly string[],
): Promise<readonly string[]> {
  const existing = await columnNames(store, table);
  const lacking = columns.filter((name) => !existing.includes(name));
  const left = columns.filter((name) => existing.includes(name) && before.columns?.includes(name) === false);
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

/**
 * Has a stream's table become what was read anew, row by row: columns and indexes that users have added stay, and so
 * do the values in such columns as long as the session is there.
 */
async function putInPlace({ store, definition, stop }: KeptStream): Promise<Changes> {
  const into = definition.name;
  const from = newTableOf(into);
  const columns = await heldColumns(store, definition, from);
  const merge = { definition, into, from, columns, isAll: true, stop };
  return store.transaction(async () => {
    const isWider = await prepareTable(store, into, definition, columns);
    const changes = await mergeRows(store, merge);
    if (isWider || changes.added + changes.changed + changes.gone > 0) await outdateFiles(store, into);
    await moveTableState(store, from, into);
    await store.run(`DROP TABLE ${quoteName(from)}`);
    return changes;
  });
}
