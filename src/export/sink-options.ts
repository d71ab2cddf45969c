import type { ExportedStream } from "./exported-stream.ts";
import type { Lock } from "./lock.ts";

/** What every form needs to know to keep a stream. */
export interface SinkOptions {
  readonly stream: ExportedStream;
  /** Path of the file. */
  readonly path: string;
  readonly lock: Lock;
  /** Mark of the project that the sessions are of. */
  readonly project: string;
  /** Whether to start over. What is there stays until the new is whole. */
  readonly full: boolean;
  /** Aborted when the process is told to stop. */
  readonly stop: AbortSignal;
}

/** What a person is told where a full export goes on that was cut off. */
export const GOES_ON_IN_FULL = "The last --full export was cut off; this one goes on with it.";

/** What a person is told where the data is gone and its state is not. */
export function goneNote(path: string): string {
  return `${path} is not there any more, so the export starts over.`;
}
