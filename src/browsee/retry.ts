import type { Trouble } from "./trouble.ts";

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** An answer that breaks the API's contract is asked for this often before it counts as lasting. */
const CONTRACT_ATTEMPTS = 5;

/** How retrying stands for one page. */
export interface RetryState {
  /** Attempts made, the failed one included. */
  readonly attempts: number;
  /** Since the page was first asked for, in ms. */
  readonly elapsedMs: number;
  /** How long it may be asked for in all, in ms. */
  readonly deadlineMs: number;
  /** How long one request may take, in ms. */
  readonly timeoutMs: number;
}

/**
 * How long to wait before the next attempt: exponential with jitter, never shorter than the API asked, and after a
 * time-out of ours long enough for the API to finish what it may still be doing.
 * @param random number in [0, 1)
 * @returns ms to wait; undefined to give up
 */
export function waitBeforeRetry(trouble: Trouble, state: RetryState, random: number): number | undefined {
  if (trouble.kind === "contract" && state.attempts >= CONTRACT_ATTEMPTS) return undefined;
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (state.attempts - 1));
  const jittered = ceiling / 2 + (ceiling / 2) * random;
  const wait = Math.max(jittered, trouble.retryAfterMs ?? 0, trouble.kind === "timeout" ? graceMs(state) : 0);
  return state.elapsedMs + wait > state.deadlineMs ? undefined : Math.round(wait);
}

/** The API is not told that we stopped waiting, so it gets as long again as it had, within bounds. */
function graceMs(state: RetryState): number {
  return Math.min(30_000, Math.max(5_000, state.timeoutMs));
}

/**
 * The header Retry-After: seconds, or an HTTP date.
 * @param now Unix ms
 * @returns ms from now, never negative; undefined where the header is absent or unreadable
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
