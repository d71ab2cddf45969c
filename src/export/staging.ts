import type { Emission } from "../sync/emission.ts";
import { type Text, toBytes, toText } from "../text.ts";
import type { Stage, Staged } from "./stage.ts";

/** So many are worth a trip to the database, and so many may wait while it is at work. */
const CHARACTERS_A_TRIP = 4_000_000;
const MOST_CHARACTERS_WAITING = 6_000_000;
/** The escape, but not a backslash that is itself escaped, followed by the same letters. */
const HALF = /(?<=(?:^|[^\\])(?:\\\\)*)\\ud[89a-f][0-9a-f]{2}/g;

/** Sessions on their way onto a stage. */
export interface Staging {
  /** Takes sessions at once. Resolves when more may come. @returns their characters */
  add(batch: readonly Emission[]): Promise<number>;
  /** Hands over all that was added before the call, then forgets it. Meanwhile more may be added. */
  handOver(work: (staged: Staged) => Promise<void>): Promise<void>;
  /** Resolves when the database has nothing to do any more. */
  rest(): Promise<void>;
}

/**
 * Puts sessions onto a stage while more of them come, so that little is left to do at a commit. Once something has
 * failed, everything does.
 */
export function createStaging(stage: Stage): Staging {
  let waiting: Buffer[] = [];
  let characters = 0;
  let queue: Promise<void> = Promise.resolve();
  let queued = 0;

  /** One after another: a connection that is busy would have this thread wait. */
  function next(work: () => Promise<void>): Promise<void> {
    queued += 1;
    queue = queue.then(work).finally(() => {
      queued -= 1;
    });
    // Whoever comes next is told.
    queue.catch(() => undefined);
    return queue;
  }

  function take(): readonly Buffer[] {
    const texts = waiting;
    waiting = [];
    characters = 0;
    return texts;
  }

  return {
    async add(batch) {
      let taken = 0;
      for (const { text } of batch) {
        const bytes = wellFormed(text);
        taken += bytes.length;
        waiting.push(bytes);
      }
      characters += taken;
      if (characters < (queued === 0 ? CHARACTERS_A_TRIP : MOST_CHARACTERS_WAITING)) return taken;
      await queue;
      if (queued === 0 && characters >= CHARACTERS_A_TRIP) {
        const texts = take();
        void next(() => stage.put(texts));
      }
      return taken;
    },
    handOver(work) {
      const texts = take();
      return next(async () => {
        await stage.put(texts);
        await work(await stage.staged());
        await stage.clear();
      });
    },
    rest: () => queue.catch(() => undefined),
  };
}

/**
 * Half of a pair of UTF-16 surrogates is no character: DuckDB refuses it, so it becomes U+FFFD. JSON.stringify writes
 * such a half, and nothing else, as an escape from \ud800 to \udfff.
 */
function wellFormed(text: Text): Buffer {
  const bytes = toBytes(text);
  return bytes.includes("\\ud") ? Buffer.from(toText(text).replace(HALF, "\\ufffd")) : bytes;
}
