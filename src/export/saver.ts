import type { StreamOutput } from "../streams/read-stream.ts";
import type { Sink } from "./sink.ts";

/** A commit costs some ms whatever is in it: after so many sessions, or so long, it is due. */
const ROWS_A_COMMIT = 2000;
const MS_A_COMMIT = 2000;

/** Brings what is read into a sink, in order. */
export interface Saver {
  readonly records: StreamOutput["records"];
  readonly checkpoint: StreamOutput["checkpoint"];
  /** Commits what is left. @throws what the sink threw first */
  flush(): Promise<void>;
}

/**
 * Takes turns: one call to the sink at a time. Once one has failed, all later ones fail with the same error, so that
 * no state is committed whose rows are not.
 * @param clock monotonic ms
 */
export function createSaver(sink: Pick<Sink, "write" | "commit">, clock: () => number): Saver {
  let last: Promise<void> = Promise.resolve();
  let rows = 0;
  let since = clock();
  let pending: object | undefined;

  function inTurn(work: () => Promise<void>): Promise<void> {
    last = last.then(work);
    // Whoever comes next gets the failure too.
    last.catch(() => undefined);
    return last;
  }

  async function commit(state: object): Promise<void> {
    pending = undefined;
    rows = 0;
    since = clock();
    await inTurn(() => sink.commit(state));
  }

  return {
    records(batch) {
      rows += batch.length;
      return inTurn(() => sink.write(batch));
    },
    async checkpoint(state) {
      pending = state;
      if (rows >= ROWS_A_COMMIT || clock() - since >= MS_A_COMMIT) await commit(state);
      else await last;
    },
    async flush() {
      if (pending === undefined) await last;
      else await commit(pending);
    },
  };
}
