const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 60_000;
/** A response that breaks the API's contract is asked for this often before it counts as lasting. */
const CONTRACT_ATTEMPTS = 5;
/** The API's work on a request is not over much sooner for our having given it little time. */
const LEAST_SETTLING_MS = 5000;
/** What a clock, a timer and a network may differ by. */
const CLOCK_SLACK_MS = 250;

/**
 * Why an attempt to get a page failed in a way that may pass:
 * - busy: another request of this project is open, or the API throttles
 * - server: the API answered that it can't now, or answered garbage
 * - unreachable: the request was never sent
 * - cut: the request was sent and no whole response came; the API may still be at work on it
 * - contract: the response lacks what the documentation promises
 */
export type FailureKind = "busy" | "server" | "unreachable" | "cut" | "contract";

/** A failed attempt that may be repeated. One that no repetition mends ends with a ConnectorError. */
export class RetriableFailure extends Error {
  override readonly name = "RetriableFailure";
  readonly kind: FailureKind;
  /** What the API asked us to wait (header Retry-After), in ms. */
  readonly retryAfterMs: number | undefined;

  /** @param message what happened, free of secrets and on one line */
  constructor(kind: FailureKind, message: string, retryAfterMs?: number) {
    super(message);
    this.kind = kind;
    this.retryAfterMs = retryAfterMs;
  }
}

/** How retrying stands for one page. */
interface RetryState {
  /** Attempts made, the failed one included. */
  readonly attempts: number;
  /** Those of them whose responses broke the API's contract. */
  readonly broken: number;
  /** Since the page was first asked for, in ms. */
  readonly elapsedMs: number;
  /** How long it may be asked for in all, in ms. */
  readonly deadlineMs: number;
  /** How long the failed attempt took, in ms. */
  readonly tookMs: number;
}

/**
 * How long to wait before the next attempt: exponential with jitter, never shorter than the API asked, and long
 * enough for the API to finish what it may still be doing.
 * @param random number in [0, 1)
 * @returns whole ms to wait; undefined to give up
 */
export function waitBeforeRetry(
  failure: RetriableFailure,
  state: RetryState,
  random: number,
): number | undefined {
  if (state.broken >= CONTRACT_ATTEMPTS) return undefined;
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (state.attempts - 1));
  const jittered = ceiling / 2 + (ceiling / 2) * random;
  const wait = Math.ceil(Math.max(jittered, failure.retryAfterMs ?? 0, settlingMs(failure, state.tookMs)));
  return state.elapsedMs + wait > state.deadlineMs ? undefined : wait;
}

/**
 * How long the API may still be at work on a request whose response nobody waits for any more: it is not told, so it
 * gets as long again as it had, and some seconds at least.
 * @param tookMs from sending the request to giving it up, in ms
 * @returns ms; 0 where it is known to have finished
 */
export function settlingMs(failure: RetriableFailure, tookMs: number): number {
  return failure.kind === "cut" ? Math.max(LEAST_SETTLING_MS, tookMs) + CLOCK_SLACK_MS : 0;
}

/**
 * The header Retry-After: seconds, or an HTTP date.
 * @param date the header Date of the same response: the API's own idea of now, so that our clock does not matter
 * @param now Unix ms, where that header is missing
 * @returns ms from now, never negative; undefined where the header is absent or unreadable
 */
export function parseRetryAfter(
  header: string | undefined,
  date: string | undefined,
  now: number,
): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  const until = httpDate(header);
  return until === undefined ? undefined : Math.max(0, until - (httpDate(date) ?? now));
}

/** Unix ms; undefined for anything but a date with a name of a month, as HTTP writes it. */
function httpDate(text: string | undefined): number | undefined {
  const time = text === undefined || !/[A-Za-z]{3}/.test(text) ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
