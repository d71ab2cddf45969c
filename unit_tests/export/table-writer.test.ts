import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createDatabase, type Database } from "../../src/export/database.ts";
import type { ExportedStream } from "../../src/export/exported-stream.ts";
import { createTableWriter, type TableWriter } from "../../src/export/table-writer.ts";
import type { Emission } from "../../src/sync/emission.ts";

const BIGINT = { type: "BIGINT", description: "" };
const VARCHAR = { type: "VARCHAR", description: "" };
const STREAM: ExportedStream = {
  name: "sessions",
  description: "",
  primaryKey: ["segment", "key"],
  cursorField: "start",
  columns: [
    { name: "segment", ...VARCHAR },
    { name: "key", ...VARCHAR },
    { name: "start", ...BIGINT },
    { name: "name", ...VARCHAR },
    { name: "tags", type: "VARCHAR[]", description: "" },
  ],
};

/** A session; the same key has the same start. */
interface Session {
  readonly segment: string;
  readonly key: string;
  readonly start: number | null;
  readonly name: string | null;
  readonly tags: readonly string[] | null;
}

function sessionOf(segment: string, number: number, name: string | null): Session {
  // Some have no start; some share theirs with others.
  const start = number % 7 === 3 ? null : Math.floor(number / 2) * 1000;
  return { segment, key: `k${number}`, start, name, tags: name === null ? null : [name, "t"] };
}

function emissionOf(session: Session): Emission {
  const json = JSON.stringify(session);
  return {
    json,
    nulled: [],
    get data(): never {
      throw new Error("nobody should look at the columns");
    },
  };
}

async function withDatabase(work: (db: Database) => Promise<void>): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const db = createDatabase(instance, await instance.connect(), ":memory:");
  await db.allow(2 ** 29);
  try {
    await work(db);
  } finally {
    db.close();
  }
}

function writerInto(db: Database): TableWriter {
  const found = { stream: "sessions", project: "p", state: undefined };
  return createTableWriter({
    db,
    table: "sessions",
    stream: STREAM,
    found,
    check: () => undefined,
    now: () => 0,
  });
}

async function rowsOf(db: Database): Promise<readonly string[]> {
  const rows = await db.rows("SELECT CAST(to_json(sessions) AS VARCHAR) FROM sessions");
  return rows.map(([json]) => String(json)).sort();
}

function textsOf(sessions: Iterable<Session>): readonly string[] {
  return [...sessions].map((session) => JSON.stringify(session)).sort();
}

/** What the API had to say: batches of sessions, and after some of them a commit. */
type Story = readonly (readonly (readonly Session[])[])[];

const sessions = fc
  .record({
    segment: fc.constantFrom("a", "b"),
    number: fc.nat({ max: 30 }),
    name: fc.constantFrom("one", "two", null),
  })
  .map(({ segment, number, name }) => sessionOf(segment, number, name));
const stories: fc.Arbitrary<Story> = fc.array(
  fc.array(fc.array(sessions, { maxLength: 12 }), { maxLength: 6 }),
  { maxLength: 4 },
);

function keyOf({ segment, key }: Session): string {
  return segment + key;
}

/** What one commit means for a table. @param held changed by it */
function follow(held: Map<string, Session>, batches: Story[number]): { added: number; changed: number } {
  const last = new Map(batches.flat().map((session) => [keyOf(session), session]));
  const changes = { added: 0, changed: 0 };
  for (const [key, session] of last) {
    const old = held.get(key);
    changes.added += Number(old === undefined);
    changes.changed += Number(old !== undefined && old.name !== session.name);
    held.set(key, session);
  }
  return changes;
}

describe("the table writer", () => {
  it("holds the last word on each session, and counts what is new and what has changed", async () => {
    const property = fc.asyncProperty(stories, (story) =>
      withDatabase(async (db) => {
        const writer = writerInto(db);
        const held = new Map<string, Session>();
        let [added, changed] = [0, 0];
        for (const [number, batches] of story.entries()) {
          for (const batch of batches) await writer.write(batch.map(emissionOf));
          await writer.commit({ number });
          const changes = follow(held, batches);
          added += changes.added;
          changed += changes.changed;
        }
        await writer.prepare();
        expect(await rowsOf(db)).toEqual(textsOf(held.values()));
        expect(writer.changes).toEqual({ added, changed });
        const starts = [...held.values()].flatMap(({ start }) => start ?? []);
        const span = starts.length === 0 ? {} : { first: Math.min(...starts), last: Math.max(...starts) };
        expect(writer.starts()).toEqual(span);
      }),
    );
    await fc.assert(property);
  });

  it("reads on while it is at work, and puts only what was written by then into a commit", async () => {
    await withDatabase(async (db) => {
      const writer = writerInto(db);
      const long = "x".repeat(50_000);
      const all = Array.from({ length: 600 }, (_, number) => sessionOf("a", number, `${number}${long}`));
      const written: Session[] = [];
      const commits: Promise<void>[] = [];
      for (let at = 0; at < all.length; at += 20) {
        const some = all.slice(at, at + 20);
        // Taken at once, though it may take a while until more may come.
        const done = writer.write(some.map(emissionOf));
        written.push(...some);
        if (at === 400) {
          commits.push(writer.commit({ at }));
          await commits[0];
          expect(await rowsOf(db)).toEqual(textsOf(written));
        }
        expect(await done).toBeGreaterThan(20 * long.length);
      }
      await writer.commit({ at: all.length });
      expect(await rowsOf(db)).toEqual(textsOf(all));
      expect(writer.changes).toEqual({ added: all.length, changed: 0 });
    });
  });

  it("takes letters that are written by their numbers; half of a pair becomes U+FFFD", async () => {
    await withDatabase(async (db) => {
      const name = String.raw`\u00e9 \ud83d\uDE00 \uD83D\\ud83d\\\ude00 \ud83d\ud83d\ude00 \udc00`;
      const text = `{"segment":"a","key":"k","name":"${name}"}`;
      const writer = writerInto(db);
      await writer.write([{ json: text, nulled: [], data: {} }]);
      await writer.commit({});
      expect(await db.rows("SELECT name FROM sessions")).toEqual([[String.raw`é 😀 �\ud83d\� �😀 �`]]);
    });
  });

  it("has everything fail once something has, and commits nothing then", async () => {
    await withDatabase(async (db) => {
      const failure = new Error("no room");
      let broken = false;
      const breaking: Database = {
        ...db,
        append: (...all) => (broken ? Promise.reject(failure) : db.append(...all)),
      };
      const writer = writerInto(breaking);
      const [first, second, third] = [0, 1, 2].map((number) => [emissionOf(sessionOf("a", number, "n"))]);
      await writer.write(first ?? []);
      await writer.commit({ to: 1 });
      broken = true;
      const long = Array.from({ length: 100 }, () => emissionOf(sessionOf("a", 1, "x".repeat(50_000))));
      await writer.write([...long, ...(second ?? [])]);
      await writer.rest();
      broken = false;
      await expect(writer.write([...long, ...(third ?? [])])).rejects.toBe(failure);
      await expect(writer.commit({ to: 2 })).rejects.toBe(failure);
      await expect(writer.commit({ to: 3 })).rejects.toBe(failure);
      expect(await rowsOf(db)).toEqual([JSON.stringify(sessionOf("a", 0, "n"))]);
      expect(await db.rows("SELECT CAST(state AS VARCHAR) FROM browsee_export_state")).toEqual([
        ['{"to":1}'],
      ]);
    });
  });
});
