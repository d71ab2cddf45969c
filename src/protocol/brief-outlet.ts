/** What lines are written to: a Writable, or what serves as one. */
export interface Outlet {
  /** @returns false when it has to be waited for "drain" before more is written */
  write(bytes: Buffer): boolean;
  on(event: "drain" | "error" | "close", listener: (reason?: unknown) => void): unknown;
}

/**
 * For a command that says little: what the reader takes at once needs no stream, which takes longer to load than such a
 * command has to do.
 * @param writeNow writes without waiting; returns how many bytes were written, or throws
 * @param open opens a stream to the same place, which takes what is left, and meets what has failed
 */
export function createBriefOutlet(writeNow: (bytes: Buffer) => number, open: () => Outlet): Outlet {
  const listeners: Parameters<Outlet["on"]>[] = [];
  let stream: Outlet | undefined;

  function openWithListeners(): Outlet {
    const opened = open();
    for (const listener of listeners) opened.on(...listener);
    return opened;
  }

  return {
    on: (...listener) => listeners.push(listener),
    write(bytes) {
      const left = stream === undefined ? bytes.subarray(written(writeNow, bytes)) : bytes;
      if (left.length === 0) return true;
      stream ??= openWithListeners();
      return stream.write(left);
    },
  };
}

function written(writeNow: (bytes: Buffer) => number, bytes: Buffer): number {
  try {
    return writeNow(bytes);
  } catch {
    // A full pipe, or a reader that has gone: the stream is told the same, and knows how to wait or to say so.
    return 0;
  }
}
