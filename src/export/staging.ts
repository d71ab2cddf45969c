import type { Emission } from "../sync/emission.ts";
import type { Stage, Staged } from "./stage.ts";

/** So many are worth a trip to the database, and so many may wait while it is at work: about what comes during a commit. */
const CHARACTERS_A_TRIP = 4_000_000;
const MOST_CHARACTERS_WAITING = 24_000_000;

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
  let waiting: string[] = [];
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

  function take(): readonly string[] {
    const texts = waiting;
    waiting = [];
    characters = 0;
    return texts;
  }

  return {
    async add(batch) {
      let taken = 0;
      for (const { json } of batch) {
        taken += json.length;
        waiting.push(json);
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
