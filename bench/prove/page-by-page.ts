import type { Reader, Written } from "../../unit_tests/model/reader.ts";
import type { Session } from "../../unit_tests/model/world.ts";

/** A page as frameworks ask for it. */
const PAGE = 100;

/**
 * Asks for the offsets 0, 100, 200, … until the count is reached or a page is short, as frameworks do; what a page had is
 * kept, and a run that was killed begins again.
 */
export const pageByPage: Reader = async ({ fetch, records, checkpoint }, state, bounds) => {
  const reached = timestampOf(state) ?? bounds.startDate;
  const start = Math.max(bounds.startDate, reached - bounds.lookback);
  const numbers = new Map<string, number>();
  for (let from = 0; ; ) {
    const { rows, total = 0 } = await fetch({ start, end: bounds.now, from, limit: PAGE });
    await records(rows.map((row) => recordOf(row, numbers)));
    from += rows.length;
    if (rows.length === 0 || from >= total) break;
  }
  await checkpoint({ timestamp: bounds.now * 1000 });
};

function timestampOf(state: unknown): number | undefined {
  const known = typeof state === "object" && state !== null && "timestamp" in state;
  return known && typeof state.timestamp === "number" ? Math.floor(state.timestamp / 1000) : undefined;
}

function recordOf(
  { id, version, family, at, readable, face }: Session,
  numbers: Map<string, number>,
): Written {
  const number = numbers.get(face) ?? 0;
  numbers.set(face, number + 1);
  return { key: `${face}#${number}`, id, version, family, at, readable };
}
