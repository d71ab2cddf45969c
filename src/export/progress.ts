import type { SetStart } from "../streams/read-stream.ts";
import type { Event } from "../sync/output.ts";
import { createPace, type Pace } from "./pace.ts";

/** How far the export of a stream is, at a moment. */
export interface ProgressView extends Pace {
  readonly stream: string;
  readonly phase: "waiting" | "reading" | "done" | "failed";
  /** Sessions dealt with: written, or found unchanged. */
  readonly done: number;
  /** Undefined as long as the API has not counted them. */
  readonly total: number | undefined;
  /** From 0 to 1; undefined as long as nothing is known. */
  readonly fraction: number | undefined;
}

/** Follows the export of a stream. */
export interface Progress {
  /** One of the stream's sets begins. @param sets how many there are */
  begin(start: SetStart, sets: number): void;
  written(records: number): void;
  report(event: Event): void;
  /**
   * The API has counted the sessions of a span.
   * @param end of the span, Unix s
   * @param rows undefined where the answer had no count
   */
  counted(end: number, rows: number | undefined): void;
  end(phase: "done" | "failed"): void;
  view(): ProgressView;
}

/** One of a stream's sets while it is read. */
interface CurrentSet {
  /** Unix s. */
  from: number;
  to: number;
  reached: number;
  /** Sessions in all, where the API has counted them. */
  estimate: number | undefined;
  /** Sessions of finished slices, and of the slice being read. */
  counted: number;
  open: number;
}

/** @param clock monotonic ms */
export function createProgress(stream: string, clock: () => number): Progress {
  const pace = createPace(clock);
  let phase: ProgressView["phase"] = "waiting";
  let current: CurrentSet | undefined;
  /** Sets that are done, of how many, and their sessions. */
  let setsDone = -1;
  let sets = 1;
  let before = 0;

  return {
    begin({ bounds }, of) {
      phase = "reading";
      setsDone += 1;
      sets = of;
      before += current?.counted ?? 0;
      const { startDate, now } = bounds;
      current = { from: startDate, to: now, reached: startDate, estimate: undefined, counted: 0, open: 0 };
    },
    written(records) {
      if (current !== undefined) current.open += records;
    },
    report(event) {
      if (current !== undefined) follow(current, event);
    },
    counted(end, rows) {
      // All that is left is in it: small sets are read in one go.
      if (current !== undefined && rows !== undefined && end >= current.to)
        current.estimate = current.counted + rows;
    },
    end(how) {
      phase = how;
    },
    view() {
      const done = before + (current === undefined ? 0 : current.counted + current.open);
      const fraction = phase === "done" ? 1 : overall(current, Math.max(0, setsDone), sets);
      const estimate = setsDone + 1 === sets ? current?.estimate : undefined;
      const total = estimate === undefined ? undefined : Math.max(done, before + estimate);
      return { stream, phase, done, total, fraction, ...pace(done, fraction) };
    },
  };
}

function follow(set: CurrentSet, event: Event): void {
  switch (event.kind) {
    case "window":
      set.from = event.from;
      set.reached = event.from;
      set.to = event.to;
      return;
    case "estimate":
      set.estimate = set.counted + event.rows;
      return;
    case "torn":
      set.open = 0;
      return;
    case "slice":
      set.counted += event.counted;
      set.reached = event.slice.end;
      set.open = 0;
  }
}

function overall(set: CurrentSet | undefined, setsDone: number, sets: number): number | undefined {
  const part = set && fractionOf(set);
  return part === undefined && setsDone === 0 ? undefined : (setsDone + (part ?? 0)) / sets;
}

/** By sessions where they were counted, else by time. */
function fractionOf({ from, to, reached, estimate, counted, open }: CurrentSet): number | undefined {
  if (estimate !== undefined && estimate > 0) return Math.min(1, (counted + open) / estimate);
  return reached > from ? Math.min(1, (reached - from) / (to - from)) : undefined;
}
