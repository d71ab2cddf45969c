import { Stopped } from "../errors.ts";
import type { Redact } from "../redact.ts";
import { type Answer, readAnswer } from "./answer.ts";
import type { KeyMask } from "./key-mask.ts";
import { networkFailure, TransportError } from "./network-error.ts";
import type { Transport } from "./transport.ts";

/** What one request needs from outside. */
export interface AttemptParts {
  readonly transport: Transport;
  /** Origin of the API, for messages. */
  readonly origin: string;
  readonly redact: Redact;
  readonly mask: KeyMask;
  /** Unix ms. */
  readonly now: () => number;
}

/**
 * Sends one request and understands its answer, or why none came.
 * @param body JSON
 * @param ms how long it may take, from sending to the last byte
 * @throws Stopped once the signal is aborted
 */
export async function attempt(
  parts: AttemptParts,
  path: string,
  body: string,
  ms: number,
  stop: AbortSignal,
): Promise<Answer> {
  if (stop.aborted) throw new Stopped("no request any more");
  const giveUp = new AbortController();
  const onStop = () => giveUp.abort();
  const timer = setTimeout(onStop, ms);
  stop.addEventListener("abort", onStop);
  try {
    const raw = await parts.transport.post(path, body, giveUp.signal);
    return readAnswer(raw, parts);
  } catch (error) {
    if (stop.aborted) throw new Stopped("the request was given up");
    if (!(error instanceof TransportError)) throw error;
    return giveUp.signal.aborted
      ? timedOut(parts.origin, error, ms)
      : networkFailure(error, parts.origin, parts.redact);
  } finally {
    clearTimeout(timer);
    stop.removeEventListener("abort", onStop);
  }
}

function timedOut(origin: string, { sent }: TransportError, ms: number): Answer {
  const seconds = Math.round(ms / 1000);
  return sent
    ? { ok: false, kind: "cut", words: `no whole answer within ${seconds} s` }
    : { ok: false, kind: "unreachable", words: `no connection to ${origin} within ${seconds} s` };
}
