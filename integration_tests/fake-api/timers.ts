/** Delays that end with the stand-in. */
export interface Timers {
  /** Calls `action` after so many ms; at once if that is 0. */
  readonly after: (ms: number, action: () => void) => void;
  /** Drops all that is pending, and from then on all that is to come. */
  readonly stop: () => void;
}

/** No delays yet. */
export function createTimers(): Timers {
  const pending = new Set<NodeJS.Timeout>();
  let stopped = false;
  return {
    after: (ms, action) => {
      if (ms <= 0) {
        action();
        return;
      }
      // Connections that are ended at the close still ask for delays.
      if (stopped) return;
      const timer = setTimeout(() => {
        pending.delete(timer);
        action();
      }, ms);
      pending.add(timer);
    },
    stop: () => {
      stopped = true;
      for (const timer of pending) clearTimeout(timer);
      pending.clear();
    },
  };
}
