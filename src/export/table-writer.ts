import type { Emission } from "../sync/emission.ts";
import type { Database } from "./database.ts";
import type { ExportedStream } from "./exported-stream.ts";
import { type MergeSpan, mergeSql } from "./merge-sql.ts";
import type { Changes } from "./sink.ts";
import { createStateTable, type TableState, writeTableState } from "./state-table.ts";
import { prepareTable } from "./table.ts";

/** Sessions on their way into a table. */
const INCOMING = "browsee_export_incoming";
const MOST_CHARACTERS = 4_000_000;
/** What a transaction may hold without more memory, and what it needs for the rest. */
const FREE_CHARACTERS = 8_000_000;
const BYTES_A_CHARACTER = 4;
/** The escape, but not a backslash that is itself escaped, followed by the same letters. */
const HALF = /(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** A table that sessions are merged into by their primary key. */
export interface TableWriter {
  write(batch: readonly Emission[]): void;
  /** Rows and state in one transaction. */
  commit(state: object): Promise<void>;
  /** Makes the table if nothing was committed so far. */
  prepare(): Promise<void>;
  readonly changes: Changes;
}

/** What a table is written with. */
export interface TableParts {
  readonly db: Database;
  readonly table: string;
  readonly stream: ExportedStream;
  /** As it was found; what it lacks is made up for with the first commit. */
  readonly found: TableState;
  /** Throws where the right to write was lost. */
  readonly check: () => void;
  /** Unix ms. */
  readonly now: () => number;
}

/** A writer; nothing is changed before its first commit. */
export function createTableWriter({ db, table, stream, found, check, now }: TableParts): TableWriter {
  const changes = { added: 0, changed: 0 };
  let pending = emptyBatch();
  let prepared = false;

  async function prepare(): Promise<void> {
    if (prepared) return;
    prepared = true;
    check();
    await db.run(`CREATE TEMP TABLE IF NOT EXISTS ${INCOMING} (json VARCHAR)`);
    await db.transaction(async () => {
      await createStateTable(db);
      await prepareTable(db, table, stream);
      await writeTableState(db, table, found, now());
    });
  }

  async function merge({ texts, span }: Batch): Promise<Changes> {
    const known = Number.isFinite(span.from) && Number.isFinite(span.to) ? span : undefined;
    const sql = mergeSql(table, INCOMING, stream, known);
    const actions: string[] = [];
    for (const portion of portions([...texts.values()])) {
      await db.append(INCOMING, portion);
      for (const [action] of await db.rows(sql)) actions.push(String(action));
      await db.run(`DELETE FROM ${INCOMING}`);
    }
    const added = actions.filter((action) => action === "INSERT").length;
    return { added, changed: actions.length - added };
  }

  return {
    changes,
    prepare,
    write(batch) {
      for (const { data, json } of batch) {
        // The last word on a session is the one that counts.
        pending.texts.set(keyOf(data, stream.primaryKey), wellFormed(json));
        pending.characters += json.length;
        pending.span = widened(pending.span, data[stream.cursorField]);
      }
    },
    async commit(state) {
      const batch = pending;
      pending = emptyBatch();
      await prepare();
      check();
      await db.allow(Math.max(0, batch.characters - FREE_CHARACTERS) * BYTES_A_CHARACTER);
      const { added, changed } = await db.transaction(async () => {
        const merged = await merge(batch);
        await writeTableState(db, table, { ...found, state }, now());
        return merged;
      });
      changes.added += added;
      changes.changed += changed;
    },
  };
}

/** Sessions that wait for a commit. */
interface Batch {
  /** JSON by key. */
  readonly texts: Map<string, string>;
  span: MergeSpan;
  characters: number;
}

function emptyBatch(): Batch {
  const span = { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY };
  return { texts: new Map(), span, characters: 0 };
}

/** A start that is unknown makes all of it NaN. */
function widened({ from, to }: MergeSpan, start: unknown): MergeSpan {
  const at = typeof start === "number" ? start : Number.NaN;
  return { from: Math.min(from, at), to: Math.max(to, at) };
}

/** Few enough at a time that huge sessions need little more memory than others. */
function portions(texts: readonly string[]): readonly (readonly string[])[] {
  const out: string[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    if (size + text.length > MOST_CHARACTERS) {
      out.push([]);
      size = 0;
    }
    size += text.length;
    out.at(-1)?.push(text);
  }
  return out;
}

function keyOf(data: Readonly<Record<string, unknown>>, primaryKey: readonly string[]): string {
  const [only = ""] = primaryKey;
  return primaryKey.length === 1 ? String(data[only]) : JSON.stringify(primaryKey.map((name) => data[name]));
}

/**
 * Half of a pair of UTF-16 surrogates is no character: DuckDB refuses it, so it becomes U+FFFD. JSON.stringify writes
 * such a half, and nothing else, as an escape from \ud800 to \udfff.
 */
function wellFormed(json: string): string {
  return json.includes("\\ud") ? json.replace(HALF, "\\ufffd") : json;
}
