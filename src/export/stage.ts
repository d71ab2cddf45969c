import { type Database, numberOf } from "./database.ts";
import type { ExportedStream } from "./exported-stream.ts";
import { lastWordsSql, lookSql, parseSql, type TimeSpan } from "./merge-sql.ts";
import type { Starts } from "./sink.ts";
import { quoteName } from "./sql-text.ts";

/** Sessions as JSON, and as rows. */
const INCOMING = "browsee_export_incoming";
const STAGE = "browsee_export_stage";
/** Few enough at a time that huge sessions need little more memory than others. */
const MOST_CHARACTERS_A_PORTION = 8_000_000;
/** What may be staged without more memory, and what the rest needs. */
const FREE_CHARACTERS = 80_000_000;
const BYTES_A_CHARACTER = 4;

/** Sessions that are ready for a commit, each key once. */
export interface Staged {
  /** A table with the stream's columns. */
  readonly table: string;
  readonly sessions: number;
  /** Undefined where some start is unknown. */
  readonly span: TimeSpan | undefined;
  readonly starts: Starts;
}

/** Where sessions wait for a commit: in tables that are gone with the process. */
export interface Stage {
  /** @param texts sessions as JSON in UTF-8 */
  put(texts: readonly Uint8Array[]): Promise<void>;
  /** What was put there; of a session that was put there twice, the last word. */
  staged(): Promise<Staged>;
  clear(): Promise<void>;
}

/** A stage; nothing is done in the database before it is used. */
export function createStage(db: Database, stream: ExportedStream): Stage {
  const columns = stream.columns.map(({ name, type }) => `${quoteName(name)} ${type}`).join(", ");
  const parse = parseSql(INCOMING, STAGE, stream);
  let characters = 0;
  let isMade = false;

  async function make(): Promise<void> {
    await db.run(`CREATE OR REPLACE TEMP TABLE ${INCOMING} (json BLOB)`);
    await db.run(`CREATE OR REPLACE TEMP TABLE ${STAGE} (${columns})`);
    isMade = true;
    characters = 0;
  }

  return {
    async put(texts) {
      for (const portion of portions(texts)) {
        if (!isMade) await make();
        for (const { length } of portion) characters += length;
        await db.allow(Math.max(0, characters - FREE_CHARACTERS) * BYTES_A_CHARACTER);
        await db.append(INCOMING, portion);
        await db.run(parse);
        await db.run(`DELETE FROM ${INCOMING}`);
      }
    },
    async staged() {
      if (characters === 0) return { table: STAGE, sessions: 0, span: undefined, starts: {} };
      const [row = []] = await db.rows(lookSql(STAGE, stream));
      const [sessions = 0, keys = 0, known, from, to, first, last] = row.map(numberOf);
      if (keys < sessions) await db.run(lastWordsSql(STAGE, stream));
      const isKnown = known === sessions && from !== undefined && to !== undefined;
      const span = isKnown ? { from, to } : undefined;
      return { table: STAGE, sessions: keys, span, starts: { first, last } };
    },
    async clear() {
      // Whoever deletes rows only, keeps their memory.
      if (characters > 0) await make();
    },
  };
}

/** Some texts at a time; one that is too long alone. */
function portions(texts: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const out: Uint8Array[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    if (size + text.length > MOST_CHARACTERS_A_PORTION) {
      out.push([]);
      size = 0;
    }
    size += text.length;
    out.at(-1)?.push(text);
  }
  return out;
}
