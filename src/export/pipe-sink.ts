import type { Sink } from "./sink.ts";

/**
 * Lines of JSON for whatever reads stdout. Nothing is kept, so each export begins from the start.
 * @param write resolves when there is room for more
 */
export function createPipeSink(write: (lines: readonly string[]) => Promise<void>): Sink {
  return {
    file: undefined,
    table: undefined,
    state: undefined,
    notes: [],
    charactersACommit: 0,
    async write(batch) {
      await write(batch.map(({ json }) => json));
      return 0;
    },
    commit: async () => undefined,
    finish: async () => undefined,
    changes: () => undefined,
    starts: () => undefined,
    holdings: async () => undefined,
    close: async () => undefined,
  };
}
