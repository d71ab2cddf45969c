import type { Sighting } from "./row-reader.ts";

/** A session that is to be emitted, with its number among those of its identity. */
export interface Numbered {
  readonly row: Sighting;
  readonly twin: number;
}

/** Remembers what was emitted of a slice, so that reading it again emits only what is new or changed. */
export interface Emitted {
  /** A new pass begins: every session may be met again. */
  beginPass(): void;
  /**
   * @param hash of the content; undefined where changes are not looked for
   * @returns what is to be emitted now
   */
  meet(row: Sighting, hash: number | undefined): readonly Numbered[];
  /** An earlier run emitted so many sessions of this identity. */
  remember(key: string, count: number): void;
  forget(): void;
  readonly size: number;
}

interface Entry {
  hash: number | undefined;
  /** The pass in which it was met last. */
  pass: number;
  /** What was met in that pass and not emitted, as far as it may turn out to be another session. */
  passedOver: Sighting | undefined;
  /** The next session of the same identity. */
  next: Entry | undefined;
}

const NOTHING: readonly Numbered[] = [];

/** A memory of nothing. */
export function createEmitted(): Emitted {
  const entries = new Map<string, Entry>();
  let pass = 0;
  return {
    beginPass() {
      pass += 1;
    },
    meet(row, hash) {
      const known = entries.get(row.key);
      if (known !== undefined) return meetAgain(known, row, hash, pass);
      entries.set(row.key, { hash, pass, passedOver: undefined, next: undefined });
      return [{ row, twin: 0 }];
    },
    remember(key, count) {
      let next: Entry | undefined;
      for (let n = 0; n < count; n += 1) next = { hash: undefined, pass, passedOver: undefined, next };
      if (next !== undefined) entries.set(key, next);
    },
    forget: () => entries.clear(),
    get size() {
      return entries.size;
    },
  };
}

/** An unchanged session first, else the first one of this identity that has not been met in this pass, else a new one. */
function meetAgain(first: Entry, row: Sighting, hash: number | undefined, pass: number): readonly Numbered[] {
  const all = listOf(first);
  const open = all.filter((entry) => entry.pass !== pass);
  const entry = open.find((candidate) => candidate.hash === hash) ?? open[0];
  if (entry === undefined) return addTwin(all, row, hash, pass);
  const same = entry.hash === hash;
  entry.pass = pass;
  entry.hash = hash;
  entry.passedOver = hash === undefined ? row : undefined;
  return same ? NOTHING : [{ row, twin: all.indexOf(entry) }];
}

/** Where contents are not compared, those passed over may have been any of the twins: they are emitted after all. */
function addTwin(
  all: readonly Entry[],
  row: Sighting,
  hash: number | undefined,
  pass: number,
): readonly Numbered[] {
  const last = all.at(-1);
  if (last !== undefined) last.next = { hash, pass, passedOver: undefined, next: undefined };
  const unsure = all.flatMap((entry, twin) =>
    entry.passedOver === undefined ? [] : { row: entry.passedOver, twin },
  );
  for (const entry of all) entry.passedOver = undefined;
  return [...unsure, { row, twin: all.length }];
}

function listOf(first: Entry): readonly Entry[] {
  const list: Entry[] = [];
  for (let entry: Entry | undefined = first; entry !== undefined; entry = entry.next) list.push(entry);
  return list;
}
