import { AnswerError } from "./answer-error.ts";
import { createChunks } from "./chunks.ts";
import type { Framing } from "./framing.ts";

/** Collects the body of one answer. */
export interface Body {
  isWhole(): boolean;
  /**
   * @param bytes copied where they are kept
   * @returns how many of them belong to the body
   * @throws AnswerError
   */
  take(bytes: Buffer): number;
  /** All of it; of a body that ends with its connection, what has come so far. */
  content(): Buffer;
}

/** Larger bodies are refused: 100 sessions are some hundred kB. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** @throws AnswerError where the announced length is too large already */
export function createBody(framing: Framing): Body {
  if (typeof framing === "number") return ofLength(framing);
  const gathered = createGathering();
  if (framing === "chunked") return { ...createChunks(gathered.add), content: gathered.content };
  return {
    isWhole: () => false,
    take(bytes) {
      gathered.add(bytes);
      return bytes.length;
    },
    content: gathered.content,
  };
}

function ofLength(length: number): Body {
  if (length > MAX_BODY_BYTES) throw tooLarge();
  const content = Buffer.allocUnsafe(length);
  let filled = 0;
  return {
    isWhole: () => filled === length,
    take(bytes) {
      const taken = bytes.copy(content, filled);
      filled += taken;
      return taken;
    },
    content: () => content,
  };
}

function createGathering() {
  const pieces: Buffer[] = [];
  let size = 0;
  return {
    add(bytes: Buffer) {
      size += bytes.length;
      if (size > MAX_BODY_BYTES) throw tooLarge();
      pieces.push(Buffer.from(bytes));
    },
    content: () => Buffer.concat(pieces, size),
  };
}

function tooLarge(): AnswerError {
  return new AnswerError("ANSWER_TOO_LARGE", "the answer is too large");
}
