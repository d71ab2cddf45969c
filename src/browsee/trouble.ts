import type { ConnectorError } from "../errors.ts";

/**
 * Why an attempt to get a page failed in a way that may pass:
 * - busy: another request of this project is open, or the API throttles
 * - server: the API answered that it can't now, or answered garbage
 * - network: no answer came through
 * - timeout: we stopped waiting, and the API may still be at work on the request
 * - contract: the answer lacks what the documentation promises
 */
export type TroubleKind = "busy" | "server" | "network" | "timeout" | "contract";

/** A failed attempt that may be repeated. */
export interface Trouble {
  readonly ok: false;
  readonly kind: TroubleKind;
  /** What happened, free of secrets. */
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
