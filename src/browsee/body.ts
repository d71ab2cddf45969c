import { gunzipSync } from "node:zlib";

/** No page of 100 sessions comes near: that would be 160 kB a session. */
const MOST_MEGABYTES = 16;
const MOST_BYTES = MOST_MEGABYTES * 1024 * 1024;
/** Room for an ordinary page, packed and unpacked. */
const PACKED_BYTES = 32 * 1024;
const UNPACKED_BYTES = 128 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** A body that is larger than any page can be, packed or unpacked. */
export class BodyTooLarge extends Error {
  constructor() {
    super(`an answer larger than any page can be (more than ${MOST_MEGABYTES} MB)`);
    this.name = "BodyTooLarge";
  }
}

/** Collects a body that comes in pieces, in one piece of memory: many small pieces would take many times their size. */
export class BodyBuffer {
  #bytes = Buffer.allocUnsafe(PACKED_BYTES);
  #size = 0;

  /** @param piece is copied @throws BodyTooLarge */
  add(piece: Buffer): void {
    const size = this.#size + piece.length;
    if (size > MOST_BYTES) throw new BodyTooLarge();
    if (size > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.min(MOST_BYTES, Math.max(size, this.#bytes.length * 2)));
      this.#bytes.copy(larger, 0, 0, this.#size);
      this.#bytes = larger;
    }
    piece.copy(this.#bytes, this.#size);
    this.#size = size;
  }

  /** All that came so far. */
  content(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }
}

/**
 * A body as it is before packing, without a byte order mark.
 * @param encoding the header content-encoding
 * @throws BodyTooLarge; Error where it is packed in a way that was not asked for, or broken
 */
export function unpackBody(body: Buffer, encoding: string | undefined): Buffer {
  const name = encoding?.toLowerCase() ?? "identity";
  const plain = name === "identity" || name === "" ? body : unpack(body, name);
  return plain.subarray(0, 3).equals(BYTE_ORDER_MARK) ? plain.subarray(3) : plain;
}

function unpack(body: Buffer, encoding: string): Buffer {
  if (encoding !== "gzip" && encoding !== "x-gzip") throw new Error("it is packed in a way not asked for");
  try {
    return gunzipSync(body, { chunkSize: UNPACKED_BYTES, maxOutputLength: MOST_BYTES });
  } catch (error) {
    throw error instanceof RangeError ? new BodyTooLarge() : error;
  }
}
