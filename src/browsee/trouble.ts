import type { ConnectorError } from "../errors.ts";

/**
 * Why an attempt to get a page failed in a way that may pass:
 * - busy: another request of this project is open, or the API throttles
 * - server: the API answered that it can't now, or answered garbage
 * - unreachable: the request was never sent
 * - cut: the request was sent and no whole answer came; the API may still be at work on it
 * - contract: the answer lacks what the documentation promises
 */
export type TroubleKind = "busy" | "server" | "unreachable" | "cut" | "contract";

/** A failed attempt that may be repeated. */
export interface Trouble {
  readonly ok: false;
  readonly kind: TroubleKind;
  /** What happened, free of secrets and on one line. */
  readonly words: string;
  /** What the API asked us to wait (header Retry-After), in ms. */
  readonly retryAfterMs?: number;
}

/** A failed attempt that no repetition mends. */
export interface Refusal {
  readonly ok: false;
  readonly kind: "refused";
  readonly error: ConnectorError;
}

export type Failure = Trouble | Refusal;
