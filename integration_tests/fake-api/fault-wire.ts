import type { IncomingMessage, ServerResponse } from "node:http";
import type { WireFault } from "./faults.ts";
import type { Reply } from "./reply.ts";
import type { Timers } from "./timers.ts";

/** An answer on its way. */
export interface Sending {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What should be sent. */
  readonly reply: Reply;
  /** Sends it. */
  readonly send: () => void;
  readonly timers: Timers;
}

const DRIP_MS = 50;
const ENDLESS_START = '{"status":"success","exports":{"total":1,"to":1,"data":[';
const ENDLESS_ROWS = '{"userId":"endless"},'.repeat(500);

function truncate({ response, reply }: Sending): void {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { ...reply.headers, "content-length": body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

function drip({ response, reply, timers }: Sending, everyMs: number): void {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, reply.headers);
  const next = (position: number): void => {
    if (response.destroyed) return;
    if (position >= body.length) {
      response.end();
      return;
    }
    response.write(body.subarray(position, position + 1));
    // At least 1 ms, or the body would go out in one piece.
    timers.after(Math.max(1, everyMs), () => next(position + 1));
  };
  next(0);
}

function endless({ response, reply }: Sending): void {
  response.writeHead(200, reply.headers);
  response.write(ENDLESS_START);
  const more = (): void => {
    while (!response.destroyed && response.write(ENDLESS_ROWS));
  };
  response.on("drain", more);
  more();
}

/** Sends an answer as far as a fault of the connection lets it. */
export function sendFaulty(fault: WireFault, sending: Sending): void {
  switch (fault.kind) {
    case "reset":
      sending.request.socket.resetAndDestroy();
      return;
    case "truncate":
      truncate(sending);
      return;
    case "hang":
      return;
    case "drip":
      drip(sending, fault.everyMs ?? DRIP_MS);
      return;
    case "slow":
      sending.timers.after(fault.ms, sending.send);
      return;
    case "endless":
      endless(sending);
      return;
  }
}
