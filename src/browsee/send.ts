import { Cancelled } from "../errors.ts";
import type { Redact } from "../redact.ts";
import { type Failure, retriable } from "./failure.ts";
import type { Http, HttpResponse } from "./http.ts";
import { causesOf, HttpError, ProxyError } from "./http-error.ts";
import { networkFailure } from "./network-failure.ts";

/** What came of a request: a response, which may be any, or why there is none. */
type Outcome = { readonly ok: true; readonly response: HttpResponse } | Failure;

/** What one request needs from outside. */
export interface SendParts {
  readonly http: Http;
  /** Origin of the API, for messages. */
  readonly origin: string;
  readonly redact: Redact;
}

/**
 * Sends one request.
 * @param body JSON
 * @param ms how long it may take, from connecting to the last byte
 * @throws Cancelled once the signal is aborted
 */
export async function send(
  { http, origin, redact }: SendParts,
  path: string,
  body: string,
  ms: number,
  stop: AbortSignal,
): Promise<Outcome> {
  if (stop.aborted) throw new Cancelled("no request any more");
  const giveUp = new AbortController();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    giveUp.abort();
  }, ms);
  const stopped = () => giveUp.abort();
  stop.addEventListener("abort", stopped);
  try {
    return { ok: true, response: await http.post(path, body, giveUp.signal) };
  } catch (error) {
    if (stop.aborted) throw new Cancelled("the request was given up");
    if (!(error instanceof HttpError)) throw error;
    return late ? timedOut(origin, error, ms) : networkFailure(error, origin, redact);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", stopped);
  }
}

function timedOut(origin: string, error: HttpError, ms: number): Failure {
  const within = `within ${Math.round(ms / 1000)} s`;
  if (error.sent) return retriable("cut", `no whole answer ${within}`);
  const proxy = causesOf(error).find((cause) => cause instanceof ProxyError);
  return retriable("unreachable", `no connection to ${proxy?.called ?? origin} ${within}`);
}
