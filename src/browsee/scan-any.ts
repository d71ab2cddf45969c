import {
  BACKSLASH,
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COMMA,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
  SPACE,
} from "../json-bytes.ts";

/**
 * Where a value of any kind ends, if it is JSON; whether it is, its parser has to tell.
 * @returns the offset behind it
 */
export function endOfAny(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case QUOTE:
      return behindQuote(bytes, at + 1);
    case OPENING_BRACE:
    case OPENING_BRACKET:
      return endOfNested(bytes, at);
    default:
      return endOfScalar(bytes, at);
  }
}

/** @returns the offset behind the brace or bracket that fits the one at `at`, whatever lies between */
function endOfNested(bytes: Uint8Array, at: number): number {
  let depth = 0;
  for (let next = at; next < bytes.length; next += 1) {
    switch (bytes[next]) {
      case OPENING_BRACE:
      case OPENING_BRACKET:
        depth += 1;
        break;
      case CLOSING_BRACE:
      case CLOSING_BRACKET:
        depth -= 1;
        if (depth === 0) return next + 1;
        break;
      case QUOTE:
        next = behindQuote(bytes, next + 1) - 1;
    }
  }
  return bytes.length;
}

function endOfScalar(bytes: Uint8Array, at: number): number {
  let next = at;
  while (next < bytes.length && !endsScalar(bytes[next] ?? SPACE)) next += 1;
  return next;
}

function endsScalar(byte: number): boolean {
  return byte <= SPACE || byte === COMMA || byte === CLOSING_BRACE || byte === CLOSING_BRACKET;
}

/** @param from offset behind the first quote of a text */
function behindQuote(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}
