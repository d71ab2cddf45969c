import type { Fields, PlainRow, Row } from "./page.ts";
import { parseFields } from "./parse-fields.ts";
import { behind } from "./scan-value.ts";

/** A row in an answer's bytes. */
export class ScannedRow implements Row, PlainRow {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly rest: Fields | undefined;
  readonly #places: Int32Array;
  readonly #base: number;
  #fields: Fields | undefined;

  /**
   * @param places where the values of its fields start and end, in turn, from `base` on, the ends of odd ones as `oddly`
   * has them; never changed again
   */
  constructor(
    bytes: Buffer,
    start: number,
    end: number,
    places: Int32Array,
    base: number,
    rest: Fields | undefined,
  ) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.#places = places;
    this.#base = base;
    this.rest = rest;
  }

  get plain(): PlainRow {
    return this;
  }

  get fields(): Fields {
    this.#fields ??= parseFields(this.bytes.toString("utf8", this.start, this.end));
    return this.#fields;
  }

  valueStart(field: number): number {
    return this.#places[this.#base + field * 2] ?? 0;
  }

  valueEnd(field: number): number {
    return behind(this.#places[this.#base + field * 2 + 1] ?? 0);
  }

  isOdd(field: number): boolean {
    return (this.#places[this.#base + field * 2 + 1] ?? 0) < 0;
  }
}
