import { malformed } from "./answer-error.ts";
import type { Head, Headers } from "./head.ts";

/** How the end of a body is told: by its length in bytes, chunk by chunk, or by the end of the connection. */
export type Framing = number | "chunked" | "close";

/** Servers close an idle connection at their own time; a request must not meet that. */
const MARGIN_MS = 1000;
const LONGEST_IDLE_MS = 60_000;

/**
 * Where the body of an answer to a POST ends (RFC 9112, section 6.3).
 * @throws AnswerError where that is not clear beyond doubt
 */
export function framingOf({ status, headers }: Head): Framing {
  if (status === 204 || status === 304) return 0;
  const coding = headers.get("transfer-encoding");
  const length = headers.get("content-length");
  if (coding !== undefined) {
    if (length !== undefined) throw malformed("headers: two lengths");
    if (coding.toLowerCase() !== "chunked") throw malformed("header transfer-encoding");
    return "chunked";
  }
  if (length === undefined) return "close";
  if (!/^\d{1,15}$/.test(length)) throw malformed("header content-length");
  return Number(length);
}

/**
 * How long the connection may be idle after an answer and then take a next request (RFC 9112, section 9.3).
 * @returns ms; 0 where it takes none
 */
export function idleMsAfter({ minorVersion, headers }: Head): number {
  const options = (headers.get("connection") ?? "").toLowerCase().split(/[\t ]*,[\t ]*/);
  const stays = minorVersion === 0 ? options.includes("keep-alive") : !options.includes("close");
  return stays ? Math.min(LONGEST_IDLE_MS, Math.max(0, announcedIdleMs(headers) - MARGIN_MS)) : 0;
}

/** The header Keep-Alive: when the server will close the connection. */
function announcedIdleMs(headers: Headers): number {
  const [, seconds] = /(?:^|[\s,;])timeout=(\d+)/i.exec(headers.get("keep-alive") ?? "") ?? [];
  return seconds === undefined ? Number.POSITIVE_INFINITY : Number(seconds) * 1000;
}
