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
/** With it the number of a letter begins. */
const NUMBER = "\\u";
/** Behind a backslash that is not itself escaped: both halves of a pair, or one alone. */
const HALVES = /(?<=(?:^|[^\\])(?:\\\\)*)\\u(?:(d[89ab][0-9a-f]{2}\\ud[c-f])|d[89a-f])[0-9a-f]{2}/gi;

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
  /** @param texts sessions as JSON */
  put(texts: readonly string[]): Promise<void>;
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
        for (const text of portion) characters += text.length;
        await db.allow(Math.max(0, characters - FREE_CHARACTERS) * BYTES_A_CHARACTER);
        await db.append(INCOMING, portion, wellFormed);
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
function portions(texts: readonly string[]): readonly (readonly string[])[] {
  const out: string[][] = [];
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

/** Half of a pair of UTF-16 surrogates is no character: DuckDB refuses it, so it becomes U+FFFD. */
function wellFormed(text: string): Buffer {
  if (!text.includes(NUMBER)) return Buffer.from(text);
  const whole = (letter: string, pair: string | undefined) => (pair === undefined ? "\\ufffd" : letter);
  return Buffer.from(text.replace(HALVES, whole));
}
