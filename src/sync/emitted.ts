import type { Sighting } from "./row-reader.ts";

/** What a meeting calls for: the session's number among its twins, if it is to be emitted. */
export type Verdict = { readonly emit: boolean; readonly twin: number };

/** Remembers what was emitted of a slice, so that reading it again emits only what is new or changed. */
export interface Emitted {
  /** A new pass begins: every session may be met again. */
  beginPass(): void;
  /** @param content what would be written of it, as number 0 of its identity */
  meet(row: Sighting, content: string): Verdict;
  /** An earlier run emitted so many sessions of this identity. */
  remember(key: string, count: number): void;
  forget(): void;
  readonly size: number;
}

interface Entry {
  content: string;
  /** The pass in which it was met last. */
  pass: number;
}

/** A memory of nothing. */
export function createEmitted(): Emitted {
  const entries = new Map<string, Entry[]>();
  let pass = 0;
  return {
    beginPass() {
      pass += 1;
    },
    meet({ key }, content) {
      const known = entries.get(key);
      if (known === undefined) {
        entries.set(key, [{ content, pass }]);
        return { emit: true, twin: 0 };
      }
      return meetAgain(known, content, pass);
    },
    remember(key, count) {
      entries.set(
        key,
        Array.from({ length: count }, () => ({ content: "", pass })),
      );
    },
    forget: () => entries.clear(),
    get size() {
      return entries.size;
    },
  };
}

/** An unchanged session first, else the first one of this identity that has not been met in this pass, else a new one. */
function meetAgain(known: Entry[], content: string, pass: number): Verdict {
  const open = known.filter((entry) => entry.pass !== pass);
  const entry = open.find((candidate) => candidate.content === content) ?? open[0];
  if (entry === undefined) {
    known.push({ content, pass });
    return { emit: true, twin: known.length - 1 };
  }
  const emit = entry.content !== content;
  entry.content = content;
  entry.pass = pass;
  return { emit, twin: known.indexOf(entry) };
}
