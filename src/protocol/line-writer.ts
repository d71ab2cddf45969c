import type { Writable } from "node:stream";

/** Writes lines, such as protocol messages. */
export type LineWriter = ReturnType<typeof createLineWriter>;

const LINE_BREAK = "\n".charCodeAt(0);
/** Some readers end a line at these too, such as Python's splitlines; JSON leaves them as they are. */
const OTHER_BREAKS = ["\u0085", "\u2028", "\u2029"];

/** Writes lines. @param stream stdout, or whatever stands for it */
export function createLineWriter(stream: Writable) {
  const reader = new AbortController();
  let room: Promise<void> = Promise.resolve();
  let release: (() => void) | undefined;
  const drained = () => {
    release?.();
    release = undefined;
  };
  const leave = (reason?: unknown) => {
    reader.abort(reason);
    drained();
  };
  stream.on("drain", drained);
  stream.on("error", leave);
  stream.on("close", leave);
  return {
    /** Aborted when nothing can be written any more: the reader has gone away, or the reason says what else happened. */
    gone: reader.signal,
    /**
     * Hands lines (without their breaks) over at once, in one write; resolves when the reader has room for more. Once
     * the reader is gone, whatever is written is dropped. Never rejects.
     */
    write(lines: readonly string[]): Promise<void> {
      if (lines.length === 0 || reader.signal.aborted) return room;
      if (!stream.write(encode(lines)) && release === undefined) {
        room = new Promise((resolve) => {
          release = resolve;
        });
      }
      return room;
    },
  };
}

/** In UTF-8, line by line: as one string a page would be slow to encode for a single letter beyond Latin. */
function encode(given: readonly string[]): Buffer {
  const lines = given.map(unbroken);
  // A unit of UTF-16 takes three bytes at the most.
  const bytes = Buffer.allocUnsafe(lines.reduce((size, line) => size + line.length * 3 + 1, 0));
  let at = 0;
  for (const line of lines) {
    at += bytes.write(line, at);
    bytes[at] = LINE_BREAK;
    at += 1;
  }
  return bytes.subarray(0, at);
}

/** @param line JSON, in which other line breaks than "\\n" then stand as escapes */
function unbroken(line: string): string {
  if (!OTHER_BREAKS.some((letter) => line.includes(letter))) return line;
  return OTHER_BREAKS.reduce((text, letter) => text.replaceAll(letter, escaped(letter)), line);
}

function escaped(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
