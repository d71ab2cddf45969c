import { AnswerError, malformed } from "./answer-error.ts";

/** The part of an answer before its body (RFC 9112, sections 4 and 5). */
export interface Head {
  readonly status: number;
  /** 0 for HTTP/1.0, 1 for HTTP/1.1. */
  readonly minorVersion: number;
  readonly headers: Headers;
}

/** The headers of an answer. */
export interface Headers {
  /** @param name in lower case @returns the value; of a header that is there several times, the first one */
  get(name: string): string | undefined;
}

/** Collects a head out of the pieces in which it comes. */
export interface HeadReader {
  /** undefined until it is whole. */
  head(): Head | undefined;
  /**
   * @param bytes copied where they are kept
   * @returns how many of them belong to the head
   * @throws AnswerError
   */
  take(bytes: Buffer): number;
}

/** As Node.js has it. */
const MAX_BYTES = 16 * 1024;
const BREAK = "\r\n";
const END = `${BREAK}${BREAK}`;
/** A pattern for texts after RFC 9110, section 5.5: no control characters but the tab. */
export const TEXT = "[\\t\\x20-\\x7e\\x80-\\xff]*";
/** Without what RFC 9112 has recipients refuse: space before the colon, and lines that continue others. */
const FIELD = `[!#$%&'*+.^_\`|~\\w-]+:${TEXT}`;
const HEAD = new RegExp(`^HTTP/1\\.([01]) ([1-9]\\d\\d)(?: ${TEXT})?((?:\\r\\n${FIELD})*)$`);
const ONE_FIELD = new RegExp(`^${FIELD}$`);
/** What tells where the answer ends: twice is never a slip to pass over. */
const ONCE = ["content-length", "transfer-encoding"];
const SWITCHING_PROTOCOLS = 101;

/** For one answer: heads that only announce it (status 1xx) are passed over. */
export function createHeadReader(): HeadReader {
  let seen = "";
  let head: Head | undefined;

  function takeOne(bytes: Buffer): number {
    const before = seen.length;
    seen += bytes.toString("latin1", 0, MAX_BYTES);
    const end = seen.indexOf(END);
    if (end > MAX_BYTES || (end < 0 && seen.length >= MAX_BYTES)) {
      throw new AnswerError("ANSWER_TOO_LARGE", "the headers of the answer are too large");
    }
    if (end < 0) return bytes.length;
    const parsed = parseHead(seen.slice(0, end));
    seen = "";
    if (parsed.status >= 200) head = parsed;
    return end + END.length - before;
  }

  return {
    head: () => head,
    take(bytes) {
      let taken = 0;
      while (head === undefined && taken < bytes.length) taken += takeOne(bytes.subarray(taken));
      return taken;
    },
  };
}

/** @param line of a header or a trailer, without its end */
export function isField(line: string): boolean {
  return ONE_FIELD.test(line);
}

/** @param text without the empty line at its end */
function parseHead(text: string): Head {
  const [, minorVersion, status, fields] = HEAD.exec(text) ?? [];
  if (fields === undefined) throw malformed("head");
  if (Number(status) === SWITCHING_PROTOCOLS) throw malformed("status: 101, which nobody asked for");
  return { status: Number(status), minorVersion: Number(minorVersion), headers: headersOf(fields) };
}

/** @param fields each behind a line break */
function headersOf(fields: string): Headers {
  const text = `${fields}${BREAK}`;
  // As long as the text, for that is of Latin-1 alone.
  const lower = text.toLowerCase();
  for (const name of ONCE) {
    const at = lower.indexOf(`${BREAK}${name}:`);
    if (at !== lower.lastIndexOf(`${BREAK}${name}:`)) throw malformed(`headers: ${name} twice`);
  }
  return {
    get(name) {
      const at = lower.indexOf(`${BREAK}${name}:`);
      if (at < 0) return undefined;
      const start = at + BREAK.length + name.length + 1;
      return text.slice(start, text.indexOf(BREAK, start)).trim();
    },
  };
}
