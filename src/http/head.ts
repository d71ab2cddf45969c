import { AnswerError, malformed } from "./answer-error.ts";

/** The part of an answer before its body (RFC 9112, sections 4 and 5). */
export interface Head {
  readonly status: number;
  /** 0 for HTTP/1.0, 1 for HTTP/1.1. */
  readonly minorVersion: number;
  readonly headers: Headers;
}

/** Names in lower case; of a field that is there several times, the first value. */
export type Headers = ReadonlyMap<string, string>;

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
const END = "\r\n\r\n";
const STATUS_LINE = /^HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?$/;
/** Without the forms that RFC 9112 has recipients refuse: space before the colon, and lines that continue others. */
const FIELD_LINE = /^([!#$%&'*+.^_`|~\w-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)$/;
/** What tells where the answer ends: twice is never a slip to pass over. */
const ONCE: ReadonlySet<string> = new Set(["content-length", "transfer-encoding"]);
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

/** @param text without the empty line at its end */
function parseHead(text: string): Head {
  const [first = "", ...lines] = text.split("\r\n");
  const [, minorVersion, status] = STATUS_LINE.exec(first) ?? [];
  if (status === undefined) throw malformed("status line");
  if (Number(status) === SWITCHING_PROTOCOLS) throw malformed("status 101, which nobody asked for");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const { name, value } = parseField(line);
    if (!headers.has(name)) headers.set(name, value);
    else if (ONCE.has(name)) throw malformed(`header ${name}, which is there twice`);
  }
  return { status: Number(status), minorVersion: Number(minorVersion), headers };
}

/**
 * A header, or a trailer.
 * @param line without its end
 * @returns its name in lower case, and its value
 * @throws AnswerError
 */
export function parseField(line: string): { readonly name: string; readonly value: string } {
  const [, name, value] = FIELD_LINE.exec(line) ?? [];
  if (name === undefined || value === undefined) throw malformed("header");
  return { name: name.toLowerCase(), value: value.trimEnd() };
}
