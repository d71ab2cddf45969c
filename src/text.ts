/** UTF-8 that stands in some bytes: no text that has to be decoded and encoded again on its way. */
export interface Utf8 {
  readonly bytes: Buffer;
  /** Offset of the first byte. */
  readonly start: number;
  /** Offset behind the last one. */
  readonly end: number;
}

/** A text, as a string or in bytes. */
export type Text = string | Utf8;

/** Its length, in bytes or in units of UTF-16. */
export function lengthOf(text: Text): number {
  return typeof text === "string" ? text.length : text.end - text.start;
}

/** The text as a string. */
export function toText(text: Text): string {
  return typeof text === "string" ? text : text.bytes.toString("utf8", text.start, text.end);
}

/** The text as bytes of UTF-8; those that it stands in already are not copied. */
export function toBytes(text: Text): Buffer {
  return typeof text === "string" ? Buffer.from(text) : text.bytes.subarray(text.start, text.end);
}
