import type { Sighting } from "./row-reader.ts";

/** Takes a session that is to be emitted, with its number among those of its identity. */
export type Emit = (row: Sighting, twin: number) => void;

/** Remembers what was emitted of a slice, so that reading it again emits only what is new or changed. */
export interface Emitted {
  /** A new pass begins: every session may be met again. */
  beginPass(): void;
  /**
   * @param row of an identity that this pass has not met before, and whose content is not compared
   * @returns whether it is to be emitted as number 0, for nothing is known that it could be; otherwise it has to be met
   */
  meetFirst(row: Sighting): boolean;
  /**
   * @param hash of the content; undefined where changes are not looked for
   * @param emit takes what is to be emitted now
   */
  meet(row: Sighting, hash: number | undefined, emit: Emit): void;
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

/** A memory of nothing. */
export function createEmitted(): Emitted {
  const entries = new Map<string, Entry>();
  /** Identities met once, in this pass alone, whose content is not compared: most need to be known no better. */
  const once: string[] = [];
  let pass = 0;

  function knowBetter(): void {
    for (const key of once) entries.set(key, createEntry(undefined, pass));
    // Emptied, not made anew: code that V8 has compiled for a list of texts would not fit a new list of nothing.
    once.length = 0;
  }

  return {
    beginPass() {
      knowBetter();
      pass += 1;
    },
    meetFirst({ key }) {
      const isNew = entries.size === 0;
      if (isNew) once.push(key);
      return isNew;
    },
    meet(row, hash, emit) {
      knowBetter();
      const known = entries.get(row.key);
      if (known !== undefined) {
        meetAgain(known, row, hash, pass, emit);
        return;
      }
      entries.set(row.key, createEntry(hash, pass));
      emit(row, 0);
    },
    remember(key, count) {
      let next: Entry | undefined;
      for (let n = 0; n < count; n += 1) next = createEntry(undefined, pass, next);
      if (next !== undefined) entries.set(key, next);
    },
    forget() {
      entries.clear();
      once.length = 0;
    },
    get size() {
      return entries.size + once.length;
    },
  };
}

function createEntry(hash: number | undefined, pass: number, next?: Entry): Entry {
  return { hash, pass, passedOver: undefined, next };
}

/** An unchanged session first, else the first one of this identity that has not been met in this pass, else a new one. */
function meetAgain(first: Entry, row: Sighting, hash: number | undefined, pass: number, emit: Emit): void {
  const all = listOf(first);
  const open = all.filter((candidate) => candidate.pass !== pass);
  const met = open.find((candidate) => candidate.hash === hash) ?? open[0];
  if (met === undefined) {
    addTwin(all, row, hash, pass, emit);
    return;
  }
  const same = met.hash === hash;
  met.pass = pass;
  met.hash = hash;
  met.passedOver = hash === undefined ? row : undefined;
  if (!same) emit(row, all.indexOf(met));
}

/** Where contents are not compared, those passed over may have been any of the twins: they are emitted after all. */
function addTwin(
  all: readonly Entry[],
  row: Sighting,
  hash: number | undefined,
  pass: number,
  emit: Emit,
): void {
  const last = all.at(-1);
  if (last !== undefined) last.next = createEntry(hash, pass);
  for (const [twin, unsure] of all.entries()) {
    if (unsure.passedOver !== undefined) emit(unsure.passedOver, twin);
    unsure.passedOver = undefined;
  }
  emit(row, all.length);
}

function listOf(first: Entry): readonly Entry[] {
  const list: Entry[] = [];
  for (let each: Entry | undefined = first; each !== undefined; each = each.next) list.push(each);
  return list;
}
