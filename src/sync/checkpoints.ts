/** A STATE at the latest after this many rows written or passed over. */
const MOST_ROWS = 1000;
/** A STATE at the latest after this long, for the platform's heartbeat. */
const MOST_MS = 55_000;

/** Decides when progress is put on record. */
export interface Checkpoints {
  /** To be called before so many more records are written. */
  before(records: number): Promise<void>;
  /** Rows have been dealt with: written, or found unchanged. */
  passed(rows: number): void;
  /** To be called now and then while nothing else happens. */
  tick(): Promise<void>;
  /** The last one: left out only where the one before says the same. */
  last(): Promise<void>;
}

/**
 * @param write puts the present cursor on record
 * @param clock monotonic ms
 */
export function createCheckpoints(write: () => Promise<void>, clock: () => number): Checkpoints {
  let rows = 0;
  let since = clock();
  let isWritten = false;
  async function now(): Promise<void> {
    rows = 0;
    since = clock();
    isWritten = true;
    await write();
  }
  const tick = async () => (clock() - since >= MOST_MS ? now() : undefined);
  return {
    tick,
    before: async (records) => (rows > 0 && rows + records > MOST_ROWS ? now() : tick()),
    passed(count) {
      rows += count;
      isWritten = false;
    },
    last: async () => (isWritten ? undefined : now()),
  };
}
