import { type Outcome, type SendParts, send } from "./send.ts";

/** A request on its way. */
export interface Sent {
  /** When it was sent, monotonic ms. */
  readonly at: number;
  /** Rejects with Stopped alone. */
  readonly outcome: Promise<Outcome>;
}

/** Sends requests; one of them before it is asked for. The caller sees to it that only one is open. */
export interface Wire {
  /** Sends a request, unless it is the one that was sent ahead. @param ms from sending to the last byte */
  send(path: string, body: string, ms: number, stop: AbortSignal): Sent;
  /** Sends a request that will be asked for next. @param body undefined for none */
  sendAhead(path: string, body: string | undefined, ms: number, stop: AbortSignal): void;
  /** Whether this is the request that was sent ahead. */
  isAhead(path: string, body: string): boolean;
  /** The request that was sent ahead, which nobody will ask for any more. */
  forget(): Sent | undefined;
  /** Requests sent so far. */
  count(): number;
}

/** A wire with nothing on it. */
export function createWire(parts: SendParts & { readonly clock: () => number }): Wire {
  let ahead: (Sent & { readonly path: string; readonly body: string }) | undefined;
  let count = 0;

  function launch(path: string, body: string, ms: number, stop: AbortSignal): Sent {
    count += 1;
    const sent = { at: parts.clock(), outcome: send(parts, path, body, ms, stop) };
    // Nobody may be waiting for it when it is stopped.
    sent.outcome.catch(() => undefined);
    return sent;
  }

  function isAhead(path: string, body: string): boolean {
    return ahead?.path === path && ahead.body === body;
  }

  function forget(): Sent | undefined {
    const left = ahead;
    ahead = undefined;
    return left;
  }

  return {
    isAhead,
    forget,
    count: () => count,
    send(path, body, ms, stop) {
      const waiting = isAhead(path, body) ? forget() : undefined;
      return waiting ?? launch(path, body, ms, stop);
    },
    sendAhead(path, body, ms, stop) {
      if (body === undefined || stop.aborted) return;
      ahead = { ...launch(path, body, ms, stop), path, body };
    },
  };
}
