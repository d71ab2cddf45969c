import { gunzipSync } from "node:zlib";
import type { Headers } from "./head.ts";

/** An HTTP answer, read whole. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** As it came: packed where content-encoding says so. */
  readonly body: Buffer;
}

/** The most bytes that an unpacked body may have. */
const MAX_UNPACKED = 64 * 1024 * 1024;
/** Room for an ordinary page, so that it is unpacked in one piece. */
const CHUNK = 128 * 1024;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * The body of an answer, unpacked, without a byte order mark.
 * @throws Error where it is packed in a way that was not asked for, or broken, or too large
 */
export function bodyOf({ headers, body }: RawAnswer): Buffer {
  const encoding = headers.get("content-encoding")?.toLowerCase() ?? "identity";
  const plain = encoding === "identity" || encoding === "" ? body : unpack(body, encoding);
  return plain.subarray(0, 3).equals(BYTE_ORDER_MARK) ? plain.subarray(3) : plain;
}

function unpack(body: Buffer, encoding: string): Buffer {
  if (encoding !== "gzip" && encoding !== "x-gzip") throw new Error("it is packed in a way not asked for");
  return gunzipSync(body, { chunkSize: CHUNK, maxOutputLength: MAX_UNPACKED });
}
