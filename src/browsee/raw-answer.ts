import { gunzipSync } from "node:zlib";

/** An HTTP answer, read whole. */
export interface RawAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
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
export function bodyOf(raw: RawAnswer): Buffer {
  const encoding = headerOf(raw, "content-encoding")?.trim().toLowerCase() ?? "identity";
  const body = encoding === "identity" || encoding === "" ? raw.body : unpack(raw.body, encoding);
  return body.subarray(0, 3).equals(BYTE_ORDER_MARK) ? body.subarray(3) : body;
}

/** The first value of a header. @param name in lower case */
export function headerOf({ headers }: RawAnswer, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" ? value : value?.[0];
}

function unpack(body: Buffer, encoding: string): Buffer {
  if (encoding !== "gzip" && encoding !== "x-gzip") throw new Error("it is packed in a way not asked for");
  return gunzipSync(body, { chunkSize: CHUNK, maxOutputLength: MAX_UNPACKED });
}
