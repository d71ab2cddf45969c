import type { Written } from "./reader.ts";

/** A state that the destination has put on record. */
export interface Checkpoint {
  /** Through JSON, as a platform keeps it. */
  readonly state: unknown;
  /** Unix ms: what started before it has been written; 0 where the state does not say. */
  readonly timestamp: number;
  /** Records kept by then. */
  readonly kept: number;
}

/** A table that is upserted by key, transactional at each STATE. */
export interface Destination {
  write(batch: readonly Written[]): void;
  checkpoint(state: unknown): Checkpoint;
  /** What came behind the last checkpoint is gone. */
  rollBack(to: Checkpoint | undefined): void;
  /** The versions of the sessions that the table holds, by id. */
  held(): ReadonlyMap<number, number>;
  /** Whether the table holds this very row. */
  holds(row: Written): boolean;
  checkpoints(): readonly Checkpoint[];
  /** The most records between two checkpoints. */
  widestGap(): number;
}

/** An empty table. */
export function createDestination(): Destination {
  let log: Written[] = [];
  let table = new Map<string, Written>();
  let checkpoints: Checkpoint[] = [];
  let kept = 0;
  let widest = 0;
  return {
    write(batch) {
      for (const row of batch) log.push(row);
      widest = Math.max(widest, log.length - kept);
    },
    checkpoint(state) {
      for (let index = kept; index < log.length; index += 1) {
        const row = log[index];
        if (row !== undefined) table.set(row.key, row);
      }
      kept = log.length;
      const copy: unknown = JSON.parse(JSON.stringify(state));
      const checkpoint = { state: copy, timestamp: timestampOf(copy), kept };
      checkpoints.push(checkpoint);
      return checkpoint;
    },
    rollBack(to) {
      const length = to?.kept ?? 0;
      if (length < kept) table = new Map(log.slice(0, length).map((row) => [row.key, row]));
      log = log.slice(0, length);
      kept = length;
      checkpoints = to === undefined ? [] : checkpoints.slice(0, checkpoints.indexOf(to) + 1);
    },
    held() {
      const versions = new Map<number, number>();
      for (const { id, version } of table.values()) {
        versions.set(id, Math.max(version, versions.get(id) ?? 0));
      }
      return versions;
    },
    holds(row) {
      const before = table.get(row.key);
      return before !== undefined && before.id === row.id && before.version === row.version;
    },
    checkpoints: () => checkpoints,
    widestGap: () => widest,
  };
}

function timestampOf(state: unknown): number {
  const known = typeof state === "object" && state !== null && "timestamp" in state;
  return known && typeof state.timestamp === "number" ? state.timestamp : 0;
}
