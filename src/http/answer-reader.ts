import { AnswerError } from "./answer-error.ts";
import { type Body, createBody } from "./body.ts";
import { type Framing, framingOf, idleMsAfter } from "./framing.ts";
import { createHeadReader, type Head } from "./head.ts";
import type { RawAnswer } from "./raw-answer.ts";

/** An answer, and what is to become of its connection. */
export interface Received {
  readonly answer: RawAnswer;
  /** How long the connection may be idle and then take a next request, in ms; 0 where it takes none. */
  readonly idleMs: number;
}

/** Reads one answer. */
export interface AnswerReader {
  /**
   * @param bytes as they came, copied where they are kept
   * @returns undefined as long as the answer is not whole
   * @throws AnswerError
   */
  take(bytes: Buffer): Received | undefined;
  /**
   * To be called where the other side ends the connection.
   * @throws AnswerError unless that is how this answer ends
   */
  end(): Received;
}

/** A reader that has seen nothing yet. */
export function createAnswerReader(): AnswerReader {
  const headReader = createHeadReader();
  let opened: { readonly head: Head; readonly framing: Framing; readonly body: Body } | undefined;

  return {
    take(bytes) {
      let taken = 0;
      if (opened === undefined) {
        taken = headReader.take(bytes);
        const head = headReader.head();
        if (head === undefined) return undefined;
        const framing = framingOf(head);
        opened = { head, framing, body: createBody(framing) };
      }
      const { head, body } = opened;
      taken += body.take(bytes.subarray(taken));
      if (!body.isWhole()) return undefined;
      // What follows an answer unasked makes the connection useless.
      return { answer: whole(head, body), idleMs: taken === bytes.length ? idleMsAfter(head) : 0 };
    },
    end() {
      if (opened?.framing !== "close") {
        throw new AnswerError("ANSWER_CUT", "the other side ended the connection");
      }
      return { answer: whole(opened.head, opened.body), idleMs: 0 };
    },
  };
}

function whole({ status, headers }: Head, body: Body): RawAnswer {
  return { status, headers, body: body.content() };
}
