import { Stopped } from "../errors.ts";
import type { RawAnswer } from "../http/raw-answer.ts";
import type { Transport } from "../http/transport.ts";
import { TransportError } from "../http/transport-error.ts";
import type { Redact } from "../redact.ts";
import { networkFailure } from "./network-error.ts";
import type { Failure } from "./trouble.ts";

/** What came of a request: an answer, which may be any, or why there is none. */
export type Outcome = { readonly ok: true; readonly raw: RawAnswer } | Failure;

/** What one request needs from outside. */
export interface SendParts {
  readonly transport: Transport;
  /** Origin of the API, for messages. */
  readonly origin: string;
  readonly redact: Redact;
}

/**
 * Sends one request.
 * @param body JSON
 * @param ms how long it may take, from sending to the last byte
 * @throws Stopped once the signal is aborted
 */
export async function send(
  parts: SendParts,
  path: string,
  body: string,
  ms: number,
  stop: AbortSignal,
): Promise<Outcome> {
  if (stop.aborted) throw new Stopped("no request any more");
  const { answer, giveUp } = parts.transport.post(path, body);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    giveUp();
  }, ms);
  stop.addEventListener("abort", giveUp);
  try {
    return { ok: true, raw: await answer };
  } catch (error) {
    if (stop.aborted) throw new Stopped("the request was given up");
    if (!(error instanceof TransportError)) throw error;
    return late ? timedOut(parts.origin, error, ms) : networkFailure(error, parts.origin, parts.redact);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", giveUp);
  }
}

function timedOut(origin: string, { sent }: TransportError, ms: number): Failure {
  const seconds = Math.round(ms / 1000);
  return sent
    ? { ok: false, kind: "cut", words: `no whole answer within ${seconds} s` }
    : { ok: false, kind: "unreachable", words: `no connection to ${origin} within ${seconds} s` };
}
