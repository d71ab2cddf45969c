import type { Page, PageQuery } from "../../src/browsee/page.ts";
import { type Cursor, decodeCursor, encodeCursor } from "../../src/sync/cursor.ts";
import type { Emission } from "../../src/sync/emission.ts";
import type { Event } from "../../src/sync/output.ts";
import { readSet } from "../../src/sync/read-set.ts";
import type { RowReader } from "../../src/sync/row-reader.ts";
import type { Bounds } from "../../src/sync/window.ts";

/** The process died. */
export class Killed extends Error {}

/** What came out of one run, as a destination would have kept it. */
export interface Run {
  /** All records written, in order. */
  readonly written: readonly Emission[];
  /** Those before the last checkpoint. */
  readonly kept: readonly Emission[];
  /** The last checkpoint's state, through JSON as a platform keeps it. */
  readonly state: unknown;
  readonly error: unknown;
  readonly events: readonly Event[];
  /** Records between one checkpoint and the next. */
  readonly gaps: readonly number[];
}

/** How the model's rows are understood. */
export const modelReader: RowReader = {
  identify(row) {
    const { timestamp, face } = row;
    return { key: `${timestamp}/${face}`, at: typeof timestamp === "number" ? timestamp : undefined, row };
  },
  convert: (row, { key }, twin) => ({ data: { sessionKey: `${key}#${twin}`, ...row }, nulled: [] }),
};

/**
 * One sync of the model.
 * @param killAt the request at which the process dies; undefined for never
 */
export async function run(
  api: { answer(query: PageQuery): Page },
  bounds: Bounds,
  state: unknown,
  killAt?: number,
  maxCells = 560,
): Promise<Run> {
  const written: Emission[] = [];
  const events: Event[] = [];
  const gaps: number[] = [];
  let kept = 0;
  let text = state === undefined ? undefined : JSON.stringify(state);
  let requests = 0;
  let error: unknown;
  let dead = false;
  const parts = {
    reader: modelReader,
    clock: () => 0,
    maxCells,
    async fetch(query: PageQuery) {
      requests += 1;
      if (requests === killAt) {
        dead = true;
        throw new Killed();
      }
      return api.answer(query);
    },
    output: {
      async records(batch: readonly Emission[]) {
        if (!dead) written.push(...batch);
      },
      async checkpoint(cursor: Cursor) {
        // A process that was killed says nothing more.
        if (dead) return;
        gaps.push(written.length - kept);
        kept = written.length;
        text = JSON.stringify(encodeCursor(cursor));
      },
      report: (event: Event) => events.push(event),
    },
  };
  try {
    await readSet(
      parts,
      text === undefined ? undefined : decodeCursor(JSON.parse(text)),
      bounds,
      () => undefined,
    );
  } catch (caught) {
    error = caught;
  }
  return { written, kept: written.slice(0, kept), state: text && JSON.parse(text), error, events, gaps };
}
