/**
 * What is wrong with an answer as HTTP:
 * - ANSWER_MALFORMED: the bytes are no answer after RFC 9112
 * - ANSWER_TOO_LARGE: more than any answer of the API has
 * - ANSWER_CUT: the other side ended the connection before the answer was whole
 */
export type AnswerFlaw = "ANSWER_MALFORMED" | "ANSWER_TOO_LARGE" | "ANSWER_CUT";

/** An answer that can't be read to its end. */
export class AnswerError extends Error {
  readonly code: AnswerFlaw;

  /** @param words what happened, without anything that the other side sent */
  constructor(code: AnswerFlaw, words: string) {
    super(words);
    this.name = "AnswerError";
    this.code = code;
  }
}

/** @param what is malformed, to be read after "malformed" */
export function malformed(what: string): AnswerError {
  return new AnswerError("ANSWER_MALFORMED", `it is no HTTP answer: malformed ${what}`);
}
