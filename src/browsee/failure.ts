import { type ConnectorError, configError, systemError } from "../errors.ts";

/**
 * Why an attempt to get a page failed in a way that may pass:
 * - busy: another request of this project is open, or the API throttles
 * - server: the API answered that it can't now, or answered garbage
 * - unreachable: the request was never sent
 * - cut: the request was sent and no whole response came; the API may still be at work on it
 * - contract: the response lacks what the documentation promises
 */
export type FailureKind = "busy" | "server" | "unreachable" | "cut" | "contract";

/** A failed attempt that may be repeated. */
export interface RetriableFailure {
  readonly ok: false;
  readonly kind: FailureKind;
  /** What happened, free of secrets and on one line. */
  readonly message: string;
  /** What the API asked us to wait (header Retry-After), in ms. */
  readonly retryAfterMs?: number | undefined;
}

/** A failed attempt; one that is fatal no repetition mends. */
export type Failure =
  | RetriableFailure
  | { readonly ok: false; readonly kind: "fatal"; readonly error: ConnectorError };

/** A failure of that kind. @param message as there */
export function retriable(kind: FailureKind, message: string): RetriableFailure {
  return { ok: false, kind, message };
}

/** A failure that ends with this error. */
export function fatal(error: ConnectorError): Failure {
  return { ok: false, kind: "fatal", error };
}

/** 401 and 403. @param message status and the API's own message, free of secrets */
export function unauthorized(message: string): Failure {
  const sentence = `Browsee refused the keys (${message}). Check api_key and secret_key: the secret key is generated in Browsee's settings.`;
  return fatal(configError("unauthorized", sentence));
}

/** 400 for something that the configuration holds. @param message as for 401 */
export function refusedRequest(message: string): Failure {
  const sentence = `Browsee refused the request (${message}). Check api_key, secret_key and segment_ids.`;
  return fatal(configError("request_refused", sentence));
}

/** 400 for a parameter that is not the user's. @param message as for 401 */
export function misused(message: string): Failure {
  const sentence = `Browsee refused how this connector asked (${message}). Update the connector; if this stays, report it.`;
  return fatal(systemError("request_refused", sentence));
}
