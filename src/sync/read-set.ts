import type { Cursor } from "./cursor.ts";
import { readAgain } from "./read-again.ts";
import { readNew } from "./read-new.ts";
import { createReading, type Reading, type ReadingParts } from "./reading.ts";
import { type Bounds, planWindow } from "./window.ts";

/** What a finished sync of one set came to. */
export interface SetSummary {
  /** Records written. */
  readonly written: number;
  /** Rows that the API counted in the slices read. */
  readonly counted: number;
}

/**
 * Reads one set (a stream, or one partition of it) from its cursor to the end of its window.
 * @param cursor where the last sync ended; undefined at the first
 * @param watch gets the reading once it has begun, to put its progress on record from outside
 * @throws ConnectorError, or Cancelled; what had been written by then is covered by one more checkpoint
 */
export async function readSet(
  parts: ReadingParts,
  cursor: Cursor | undefined,
  bounds: Bounds,
  watch: (reading: Reading) => void,
): Promise<SetSummary> {
  const window = planWindow(cursor, bounds);
  if (window === undefined) {
    await parts.output.checkpoint(cursor ?? { timestamp: 0, cells: [] });
    return { written: 0, counted: 0 };
  }
  const reading = createReading(
    parts,
    window,
    cursor,
    cursor === undefined ? bounds.startDate : cursor.since,
  );
  const reached = cursor && Math.floor(cursor.timestamp / 1000);
  parts.output.report({ kind: "window", from: window.from, to: window.to, reached });
  watch(reading);
  try {
    await readAll(reading);
  } catch (error) {
    await reading.checkpoints.last();
    throw error;
  }
  await reading.checkpoints.last();
  return { written: reading.written, counted: reading.counted };
}

async function readAll(reading: Reading): Promise<void> {
  let resume = reading.window.resume;
  while (reading.at < reading.window.to) {
    const unknown = reading.todo.findIndex(({ sum }) => sum === undefined);
    const known = unknown === -1 ? reading.todo : reading.todo.slice(0, unknown);
    const limit = reading.todo[0]?.end ?? reading.window.to;
    if (resume !== undefined) await readNew(reading, resume.end, resume);
    else if (known.length > 0) await readAgain(reading, known);
    else await readNew(reading, limit, undefined);
    resume = undefined;
  }
}
