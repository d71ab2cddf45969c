import type { Outlet } from "./brief-outlet.ts";
import type { Line } from "./messages.ts";

/** Writes protocol messages, a line each. */
export interface LineWriter {
  /**
   * Hands lines over at once, in one write; resolves when the reader has room for more. Once the reader is gone,
   * whatever is written is dropped. Never rejects.
   */
  write(lines: readonly Line[]): Promise<void>;
  /** Aborted when nothing can be written any more: the reader has gone away, or the reason says what else happened. */
  readonly gone: AbortSignal;
}

const LINE_BREAK = "\n".charCodeAt(0);

/** @param stream stdout, or whatever stands for it */
export function createLineWriter(stream: Outlet): LineWriter {
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
    gone: reader.signal,
    write(lines) {
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
function encode(lines: readonly Line[]): Buffer {
  let most = 0;
  for (const line of lines) most += mostBytes(line) + 1;
  const bytes = Buffer.allocUnsafe(most);
  let at = 0;
  for (const line of lines) {
    at = put(line, bytes, at);
    bytes[at] = LINE_BREAK;
    at += 1;
  }
  return bytes.subarray(0, at);
}

function mostBytes(line: Line): number {
  if (typeof line === "string") return line.length * 3;
  if ("text" in line) return line.before.length + mostBytes(line.text) + line.behind.length;
  return line.end - line.start;
}

/** @returns the offset behind the line */
function put(line: Line, bytes: Buffer, at: number): number {
  if (typeof line === "string") return at + bytes.write(line, at);
  if (!("text" in line)) return at + line.bytes.copy(bytes, at, line.start, line.end);
  bytes.set(line.before, at);
  const end = put(line.text, bytes, at + line.before.length);
  bytes.set(line.behind, end);
  return end + line.behind.length;
}
