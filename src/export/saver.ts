import type { StreamOutput } from "../streams/read-stream.ts";
import type { Sink } from "./sink.ts";

/** A commit costs some ms whatever is in it: after so many characters, or so long, it is due. */
const FIRST_CHARACTERS = 4_000_000;
const MS_A_COMMIT = 5000;
/** Where more characters are better for a commit, the first ones are still saved soon. */
const GROWTH = 4;
/** While one commit is under way, reading goes on until so many times its characters wait for the next. */
const MOST_WAITING = 1.5;
/** What a session takes besides its text, as so many characters more. */
const CHARACTERS_A_SESSION = 500;

/** Brings what is read into a sink, and has it saved now and then. */
export interface Saver {
  readonly records: StreamOutput["records"];
  readonly checkpoint: StreamOutput["checkpoint"];
  /**
   * Commits what is left.
   * @param whole whether all was read. Before that, an export into something new that has brought nothing leaves
   * nothing behind: not even whose sessions it would hold is known, as long as the API has not taken the keys
   * @throws what the sink threw first
   */
  flush(whole: boolean): Promise<void>;
}

/**
 * One commit at a time, while reading goes on. Once the sink has failed, everything fails with the same error, so that
 * no state is committed whose rows are not.
 * @param clock monotonic ms
 */
export function createSaver(
  sink: Pick<Sink, "state" | "charactersACommit" | "write" | "commit">,
  clock: () => number,
): Saver {
  let worthIt = sink.state !== undefined;
  let enough = FIRST_CHARACTERS;
  let characters = 0;
  let since = clock();
  /** The last state, as long as it is not committed, and whether it covers all that was written. */
  let latest: object | undefined;
  let exact = false;
  let running: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;

  function checkFailure(): void {
    if (failure !== undefined) throw failure.error;
  }

  async function tried(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      failure ??= { error };
    }
  }

  /** What was written so far goes into the commit at once, before anything is awaited. */
  function commit(state: object): void {
    latest = undefined;
    characters = 0;
    since = clock();
    enough = Math.min(enough * GROWTH, sink.charactersACommit);
    running = tried(() => sink.commit(state)).then(() => {
      running = undefined;
    });
  }

  return {
    async records(batch) {
      checkFailure();
      worthIt ||= batch.length > 0;
      exact = false;
      characters += batch.length * CHARACTERS_A_SESSION;
      await tried(async () => {
        const taken = await sink.write(batch);
        characters += taken;
      });
      checkFailure();
    },
    async checkpoint(state) {
      checkFailure();
      latest = state;
      exact = true;
      if (!worthIt || (characters < enough && clock() - since < MS_A_COMMIT)) return;
      if (running !== undefined && characters >= enough * MOST_WAITING) await running;
      checkFailure();
      // Something else may have come while this one was waiting; then a later checkpoint commits.
      if (running === undefined && exact && latest === state) commit(state);
    },
    async flush(whole) {
      await running;
      checkFailure();
      if (latest !== undefined && (worthIt || whole)) commit(latest);
      await running;
      checkFailure();
    },
  };
}
