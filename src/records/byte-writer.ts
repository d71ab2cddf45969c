import { BACKSLASH, ZERO } from "../json-bytes.ts";

/** From so many bytes on a call of the runtime's own copies faster than a loop. */
const MANY = 64;

/** Writes into a piece of memory of fixed size. The caller sees to it that there is room. */
export class ByteWriter {
  readonly bytes: Buffer;
  /** Offset of what is written next. */
  at = 0;

  /** @param size bytes */
  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  byte(value: number): void {
    this.bytes[this.at] = value;
    this.at += 1;
  }

  /** @param text of ASCII alone */
  ascii(text: string): void {
    const { bytes } = this;
    let { at } = this;
    for (let n = 0; n < text.length; n += 1) {
      bytes[at] = text.charCodeAt(n);
      at += 1;
    }
    this.at = at;
  }

  /** @param text of any letters; half of one becomes U+FFFD */
  utf8(text: string): void {
    this.at += this.bytes.write(text, this.at);
  }

  /** Copies a text as long as it is of ASCII without escapes. @returns whether it was so to the end */
  copyAscii(from: Buffer, start: number, end: number): boolean {
    const { bytes, at } = this;
    for (let n = start; n < end; n += 1) {
      const byte = from[n] ?? 0;
      if (byte >= 0x80 || byte === BACKSLASH) return false;
      bytes[at + n - start] = byte;
    }
    this.at = at + end - start;
    return true;
  }

  all(from: Buffer): void {
    this.copy(from, 0, from.length);
  }

  /** @param start offset of the first byte @param end offset behind the last one */
  copy(from: Buffer, start: number, end: number): void {
    if (end - start >= MANY) {
      this.at += from.copy(this.bytes, this.at, start, end);
      return;
    }
    const { bytes } = this;
    let { at } = this;
    for (let n = start; n < end; n += 1) {
      bytes[at] = from[n] ?? 0;
      at += 1;
    }
    this.at = at;
  }

  /** @param value whole, from 0 to 2^31 - 1 @param width digits at least */
  whole(value: number, width = 1): void {
    const rest = (value / 10) | 0;
    if (rest > 0 || width > 1) this.whole(rest, width - 1);
    this.byte(ZERO + value - rest * 10);
  }
}
