import type { ExportPlan } from "./measure/exports.ts";
import type { ReadPlan } from "./measure/reads.ts";

/** What the full form measures, and at which size. */
export interface Plans {
  readonly fast: ReadPlan;
  readonly slow: ReadPlan;
  /** Other sizes and latencies. */
  readonly growth: readonly ReadPlan[];
  /** Into DuckDB, beside a read; and many more sessions. */
  readonly exports: ExportPlan;
  readonly exportsMany: ExportPlan;
  readonly startRounds: number;
  /** The set that loses a session at every n-th request. */
  readonly moving: { readonly sessions: number; readonly removeEvery: number };
  /** Sessions of the sets of which a page comes back broken. */
  readonly brokenSessions: number;
  /** A site with 10 million sessions in 30 days, or less of it. */
  readonly busy: { readonly sessions: number; readonly days: number };
  /** How many connections at a time. */
  readonly sideBySide: readonly number[];
}

/** What docs/benchmarks.md is made of. */
export const FULL: Plans = {
  fast: { sessions: 100_000, latencyMs: 0, rounds: 5 },
  slow: { sessions: 40_000, latencyMs: 20, rounds: 3 },
  // The slower, the fewer and the less often.
  growth: [
    { sessions: 1000, latencyMs: 0, rounds: 3 },
    { sessions: 10_000, latencyMs: 0, rounds: 3 },
    { sessions: 1_000_000, latencyMs: 0, rounds: 1 },
    { sessions: 1000, latencyMs: 20, rounds: 3 },
    { sessions: 10_000, latencyMs: 20, rounds: 3 },
    { sessions: 100_000, latencyMs: 20, rounds: 1 },
    { sessions: 1000, latencyMs: 200, rounds: 2 },
    { sessions: 10_000, latencyMs: 200, rounds: 1 },
  ],
  exports: { sessions: 100_000, rounds: 5 },
  exportsMany: { sessions: 1_000_000, rounds: 1 },
  startRounds: 25,
  moving: { sessions: 50_000, removeEvery: 7 },
  brokenSessions: 20_000,
  busy: { sessions: 1_000_000, days: 3 },
  sideBySide: [1, 4, 8],
};

/** The same in two minutes, to try the bench itself: its figures mean nothing. */
export const TRIAL: Plans = {
  fast: { sessions: 3000, latencyMs: 0, rounds: 2 },
  slow: { sessions: 2000, latencyMs: 20, rounds: 1 },
  growth: [
    { sessions: 1000, latencyMs: 0, rounds: 1 },
    { sessions: 5000, latencyMs: 0, rounds: 1 },
  ],
  exports: { sessions: 3000, rounds: 2 },
  exportsMany: { sessions: 5000, rounds: 1 },
  startRounds: 3,
  moving: { sessions: 5000, removeEvery: 7 },
  brokenSessions: 2000,
  busy: { sessions: 20_000, days: 3 },
  sideBySide: [1, 2],
};
