import {
  BACKSLASH,
  CLOSING_BRACKET,
  COMMA,
  LETTER_U,
  NINE,
  OPENING_BRACKET,
  QUOTE,
  SLASH,
  SPACE,
  ZERO,
} from "../json-bytes.ts";
import { standsAt } from "./stands-at.ts";

/** Integers of more digits may be beyond 2^53, which a double can't hold. */
const MOST_DIGITS = 15;
/** What JSON.stringify writes behind a backslash, but for the number of a letter. */
const ESCAPED = new Set(Buffer.from('"\\bfnrt'));
const HEX_DIGITS = new Set(Buffer.from("0123456789abcdefABCDEF"));
/** 1 for each byte that is a letter of a text, or part of one: a look in a table is settled sooner than comparisons. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= SPACE && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);
const NULL = Buffer.from("null");
const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");

/** There is nothing of the kind that was looked for. */
export const NONE = -1;

/**
 * Where a value ends, as it is given for one that JSON.stringify would write otherwise.
 * @param end offset behind it, more than 1
 */
export function oddly(end: number): number {
  return -end;
}

/** @param end as a function here gave it, but not NONE @returns the offset behind the value */
export function behind(end: number): number {
  return Math.abs(end);
}

/** The first offset from `at` on that holds no space. */
export function skipSpaces(bytes: Uint8Array, at: number): number {
  let next = at;
  while (bytes[next] === SPACE) next += 1;
  return next;
}

/** @returns where the text that begins at `at` ends; NONE where there is none */
export function endOfText(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return NONE;
  let next = at + 1;
  let isOdd = false;
  for (;;) {
    while (PLAIN[bytes[next] ?? 0] === 1) next += 1;
    if (bytes[next] === QUOTE) return isOdd ? oddly(next + 1) : next + 1;
    const end = endOfEscape(bytes, next);
    if (end === NONE) return NONE;
    isOdd ||= end < 0;
    next = behind(end);
  }
}

/** @returns where the escape that begins at `at` ends; NONE where there is none */
function endOfEscape(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== BACKSLASH) return NONE;
  const letter = bytes[at + 1] ?? 0;
  if (ESCAPED.has(letter)) return at + 2;
  if (letter === SLASH) return oddly(at + 2);
  return letter === LETTER_U && hasNumber(bytes, at + 2) ? oddly(at + 6) : NONE;
}

/** Whether the number of a letter stands there, as \u has it behind it. */
function hasNumber(bytes: Uint8Array, at: number): boolean {
  for (let next = at; next < at + 4; next += 1) if (!HEX_DIGITS.has(bytes[next] ?? 0)) return false;
  return true;
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

/** @returns where the list of texts and nulls that begins at `at` ends; NONE where there is none */
export function endOfTexts(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== OPENING_BRACKET) return NONE;
  let next = skipSpaces(bytes, at + 1);
  let isOdd = next !== at + 1;
  if (bytes[next] === CLOSING_BRACKET) return isOdd ? oddly(next + 1) : next + 1;
  for (;;) {
    const end = endOfItem(bytes, next);
    if (end === NONE) return NONE;
    const after = skipSpaces(bytes, behind(end));
    isOdd ||= after !== end;
    if (bytes[after] === CLOSING_BRACKET) return isOdd ? oddly(after + 1) : after + 1;
    if (bytes[after] !== COMMA) return NONE;
    next = skipSpaces(bytes, after + 1);
    isOdd ||= next !== after + 1;
  }
}

function endOfItem(bytes: Uint8Array, at: number): number {
  return bytes[at] === QUOTE ? endOfText(bytes, at) : endOfNull(bytes, at);
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
