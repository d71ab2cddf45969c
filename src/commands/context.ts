import type { Clock } from "../clock.ts";
import type { Env } from "../config.ts";
import type { LineWriter } from "../protocol/line-writer.ts";
import type { Secrets } from "../redact.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** What a command gets from the process, so that it can be run without one. */
export interface Context extends Clock {
  readonly out: LineWriter;
  /** For people: `export` writes there, and `check` at a terminal. */
  readonly err: Terminal;
  /** Whether stdout is a terminal, so that a person reads there. */
  readonly atTerminal: boolean;
  readonly secrets: Secrets;
  /** As it was at the start: what holds keys is gone from the process. */
  readonly env: Env;
  /** Aborted when the process is told to stop. */
  readonly stop: AbortSignal;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Exit codes: 0 done, 1 failed, 2 of `verify`: the copy is not whole. */
export type ExitCode = 0 | 1 | 2;
