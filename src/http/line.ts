import type { Socket } from "node:net";
import { type AnswerReader, createAnswerReader, type Received } from "./answer-reader.ts";
import type { Connect } from "./connect.ts";
import type { RawAnswer } from "./raw-answer.ts";
import { TransportError } from "./transport-error.ts";

/** One request and its answer. */
export interface Exchange {
  /** Rejects with TransportError where no whole answer came. */
  readonly answer: Promise<RawAnswer>;
  /** Gives the request up at once, also while connecting. */
  giveUp(): void;
}

/** One connection, with at most one request on it. It closes by itself after whatever goes wrong on it. */
export interface Line {
  /** Whether it takes no next request any more. */
  isSpent(): boolean;
  /** @param request as it goes over the wire @throws Error while another one is open */
  exchange(request: string): Exchange;
  /** Gives up the request that is open, if one is. */
  close(): void;
}

interface Open {
  readonly request: string;
  readonly reader: AnswerReader;
  readonly resolve: (answer: RawAnswer) => void;
  readonly reject: (error: TransportError) => void;
  isSent: boolean;
}

/**
 * Begins to connect.
 * @param clock monotonic ms
 */
export function openLine(connect: Connect, clock: () => number): Line {
  let socket: Socket | undefined;
  let open: Open | undefined;
  let goodUntil = Number.POSITIVE_INFINITY;

  function shut(): void {
    goodUntil = Number.NEGATIVE_INFINITY;
    hangUp();
  }

  function fail(error: unknown): void {
    const failed = open;
    open = undefined;
    shut();
    failed?.reject(new TransportError(error, failed.isSent));
  }

  function settle({ answer, idleMs }: Received): void {
    const answered = open;
    open = undefined;
    if (idleMs > 0) goodUntil = clock() + idleMs;
    else shut();
    answered?.resolve(answer);
  }

  /** @param read gives the answer, once it is whole */
  function proceed(read: (reader: AnswerReader) => Received | undefined): void {
    // A server that speaks unasked, or has ended an idle connection.
    if (open === undefined) {
      shut();
      return;
    }
    try {
      const received = read(open.reader);
      if (received !== undefined) settle(received);
    } catch (error) {
      fail(error);
    }
  }

  function send(): void {
    if (socket === undefined || open === undefined) return;
    open.isSent = true;
    socket.write(open.request);
  }

  const hangUp = connect({
    onOpen(opened) {
      socket = opened;
      send();
    },
    onBytes: (bytes) => proceed((reader) => reader.take(bytes)),
    onEnd: () => proceed((reader) => reader.end()),
    onError: fail,
  });

  return {
    isSpent: () => open === undefined && clock() >= goodUntil,
    exchange(request) {
      if (open !== undefined) throw new Error("a request is open");
      const answer = new Promise<RawAnswer>((resolve, reject) => {
        open = { request, reader: createAnswerReader(), resolve, reject, isSent: false };
      });
      const mine = open;
      send();
      return {
        answer,
        giveUp() {
          if (open === mine) fail(new Error("it was given up"));
        },
      };
    },
    close: () => fail(new Error("the connection was closed")),
  };
}
