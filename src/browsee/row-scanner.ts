import { BACKSLASH, CLOSING_BRACE, COLON, COMMA, LETTER_N } from "../json-bytes.ts";
import type { Fields } from "./page.ts";
import { parseFields } from "./parse-fields.ts";
import type { FieldKind, RowLayout } from "./row-layout.ts";
import { endOfAny } from "./scan-any.ts";
import {
  behind,
  endOfFlag,
  endOfNull,
  endOfText,
  endOfTexts,
  endOfWhole,
  NONE,
  skipSpaces,
} from "./scan-value.ts";
import { ScannedRow } from "./scanned-row.ts";
import { standsAt } from "./stands-at.ts";

/** Rows whose places are kept in one piece: as many as a page has. */
const ROWS = 100;
/** A field that is not among those of the layout. */
const UNKNOWN = -2;

/** Finds the fields of rows, as long as those are plain. */
export class RowScanner {
  readonly #bytes: Buffer;
  readonly #layout: RowLayout;
  /** Where the values of a row's fields start and end, for one row after another; the ends of odd ones as `oddly` has them. */
  #places: Int32Array;
  #base = 0;
  /** For each field the one that came behind it last; for the start of a row it is the last number. */
  readonly #followers: Int16Array;
  #afterName = 0;
  /** Where fields that are not known start, with their names, and end. */
  readonly #unknown: number[] = [];

  constructor(bytes: Buffer, layout: RowLayout) {
    this.#bytes = bytes;
    this.#layout = layout;
    this.#places = new Int32Array(ROWS * layout.kinds.length * 2);
    this.#followers = new Int16Array(layout.kinds.length + 1).fill(NONE);
  }

  /** @returns undefined for a row that is not plain @throws SyntaxError for one that is not JSON */
  plain(start: number): ScannedRow | undefined {
    const places = this.#places;
    const base = this.#base;
    const stride = this.#layout.kinds.length * 2;
    this.#unknown.length = 0;
    const end = this.#scan(start, places, base);
    if (end === NONE) {
      places.fill(0, base, base + stride);
      return undefined;
    }
    this.#base += stride;
    if (this.#base === places.length) {
      this.#places = new Int32Array(places.length);
      this.#base = 0;
    }
    return new ScannedRow(this.#bytes, start, end, places, base, this.#rest());
  }

  /** @returns the offset behind the row; NONE where it is not plain */
  #scan(start: number, places: Int32Array, base: number): number {
    const bytes = this.#bytes;
    const { kinds } = this.#layout;
    let at = start;
    let before = kinds.length;
    for (;;) {
      const name = skipSpaces(bytes, at + 1);
      const field = this.#name(name, before);
      const value = skipSpaces(bytes, this.#afterName);
      const kind = kinds[field];
      if (kind === undefined) {
        if (field === NONE) return NONE;
        at = endOfAny(bytes, value);
        this.#unknown.push(name, at);
      } else {
        if (places[base + field * 2] !== 0) return NONE;
        before = field;
        const end = endOfValue(bytes, value, kind);
        if (end === NONE) return NONE;
        places[base + field * 2] = value;
        places[base + field * 2 + 1] = end;
        at = behind(end);
      }
      at = skipSpaces(bytes, at);
      if (bytes[at] === CLOSING_BRACE) return at + 1;
      if (bytes[at] !== COMMA) return NONE;
    }
  }

  /**
   * Reads a name and the colon behind it; `#afterName` is then the offset behind them.
   * @param before the field that stands before it: mostly it is followed by the same as in the row before
   * @returns the field; UNKNOWN for one that is not among those of the layout, NONE where no name is written plainly
   */
  #name(at: number, before: number): number {
    const bytes = this.#bytes;
    const guess = this.#followers[before] ?? NONE;
    const token = this.#layout.tokens[guess];
    if (token !== undefined && standsAt(token, bytes, at)) {
      this.#afterName = at + token.length;
      return guess;
    }
    const end = endOfText(bytes, at);
    const colon = skipSpaces(bytes, end);
    if (end < 0 || bytes[colon] !== COLON) return NONE;
    this.#afterName = colon + 1;
    const field = this.#layout.find(bytes, at + 1, end - 1);
    if (field < 0) return bytes.subarray(at, end).includes(BACKSLASH) ? NONE : UNKNOWN;
    this.#followers[before] = field;
    return field;
  }

  /** The fields of the row that are not known. */
  #rest(): Fields | undefined {
    const places = this.#unknown;
    if (places.length === 0) return undefined;
    let members = "";
    for (let n = 0; n < places.length; n += 2) {
      members += `${n === 0 ? "" : ","}${this.#bytes.toString("utf8", places[n], places[n + 1])}`;
    }
    return parseFields(`{${members}}`);
  }
}

function endOfValue(bytes: Uint8Array, at: number, kind: FieldKind): number {
  if (bytes[at] === LETTER_N) return endOfNull(bytes, at);
  switch (kind) {
    case "text":
      return endOfText(bytes, at);
    case "whole":
      return endOfWhole(bytes, at);
    case "flag":
      return endOfFlag(bytes, at);
    case "texts":
      return endOfTexts(bytes, at);
    case "other":
      return NONE;
  }
}
