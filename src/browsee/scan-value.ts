import {
  BACKSLASH,
  CLOSING_BRACKET,
  COMMA,
  NINE,
  OPENING_BRACKET,
  QUOTE,
  SPACE,
  ZERO,
} from "../json-bytes.ts";
import { standsAt } from "./stands-at.ts";

/** Integers of more digits may be beyond 2^53, which a double can't hold. */
const MOST_DIGITS = 15;
/** What JSON.stringify writes behind a backslash, but for the number of a letter, which may be half of one. */
const ESCAPED = new Set(Buffer.from('"\\bfnrt'));
/** 1 for each byte that is a letter of a text, or part of one: a look in a table is settled sooner than comparisons. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
const NULL = Buffer.from("null");
const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");

/** There is nothing of the kind that was looked for. */
export const NONE = -1;

/** The first offset from `at` on that holds no space. */
export function skipSpaces(bytes: Uint8Array, at: number): number {
  let next = at;
  while (bytes[next] === SPACE) next += 1;
  return next;
}

/** @returns the offset behind the text that begins at `at`; NONE where there is none, or JSON.stringify would write it otherwise */
export function endOfText(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return NONE;
  let next = at + 1;
  for (;;) {
    while (PLAIN[bytes[next] ?? 0] === 1) next += 1;
    if (bytes[next] === QUOTE) return next + 1;
    if (bytes[next] !== BACKSLASH || !ESCAPED.has(bytes[next + 1] ?? 0)) return NONE;
    next += 2;
  }
}

/** @returns the offset behind the whole number of at most 15 digits that begins at `at`; NONE where there is none */
export function endOfWhole(bytes: Uint8Array, at: number): number {
  let end = at;
  while (isDigit(bytes[end])) end += 1;
  const digits = end - at;
  const isOne = digits > 0 && digits <= MOST_DIGITS && (digits === 1 || bytes[at] !== ZERO);
  return isOne && !isMoreOfNumber(bytes[end]) ? end : NONE;
}

/** @returns the offset behind the true or false that begins at `at`; NONE where there is none */
export function endOfFlag(bytes: Uint8Array, at: number): number {
  const end = endOfWord(bytes, at, TRUE);
  return end === NONE ? endOfWord(bytes, at, FALSE) : end;
}

/** @returns the offset behind the null that begins at `at`; NONE where there is none */
export function endOfNull(bytes: Uint8Array, at: number): number {
  return endOfWord(bytes, at, NULL);
}

/** @returns the offset behind the list of texts and nulls that begins at `at`, without spaces; NONE where there is none */
export function endOfTexts(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== OPENING_BRACKET) return NONE;
  if (bytes[at + 1] === CLOSING_BRACKET) return at + 2;
  for (let next = at + 1; ; next += 1) {
    next = bytes[next] === QUOTE ? endOfText(bytes, next) : endOfNull(bytes, next);
    if (bytes[next] === CLOSING_BRACKET) return next + 1;
    if (bytes[next] !== COMMA) return NONE;
  }
}

function endOfWord(bytes: Uint8Array, at: number, word: Uint8Array): number {
  return standsAt(word, bytes, at) ? at + word.length : NONE;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

/** A fraction or an exponent. */
function isMoreOfNumber(byte: number | undefined): boolean {
  return byte === 0x2e || byte === 0x65 || byte === 0x45; // . e E
}
