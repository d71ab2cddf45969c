import type { Writable } from "node:stream";
import type { Line } from "./messages.ts";

/** Writes protocol messages, a line each. */
export interface LineWriter {
  /**
   * Hands lines over at once, in one write; resolves when the reader has room for more. Once the reader is gone,
   * whatever is written is dropped.
   */
  write(lines: readonly Line[]): Promise<void>;
  /** Aborted when the reader has gone away. */
  readonly gone: AbortSignal;
}

/** @param stream stdout, or whatever stands for it */
export function createLineWriter(stream: Writable): LineWriter {
  const reader = new AbortController();
  let room: Promise<void> = Promise.resolve();
  let release: () => void = () => undefined;
  const leave = () => {
    reader.abort();
    release();
  };
  stream.on("drain", () => release());
  // A pipe whose reader has closed it fails with EPIPE; there is nobody left to tell.
  stream.on("error", leave);
  stream.on("close", leave);
  return {
    gone: reader.signal,
    write(lines) {
      if (lines.length === 0 || reader.signal.aborted) return room;
      if (!stream.write(`${lines.join("\n")}\n`)) {
        room = new Promise((resolve) => {
          release = resolve;
        });
      }
      return room;
    },
  };
}
