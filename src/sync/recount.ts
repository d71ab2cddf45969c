import type { Reading } from "./reading.ts";
import { walk } from "./walk.ts";

/** More rows than this are not worth reading just to go on behind them. */
const FEW = 200;

/** How often several pages in no order have to show the same: once may be chance, where there are few rows. */
const CONFIRMATIONS = 3;

/** How often each identity came. */
type Counts = ReadonlyMap<string, number>;

/**
 * Counts the identities that start within a second, by reads of its own.
 * @param second Unix s
 * @param how whether to read the second however many rows it has
 * @returns undefined where a read was torn or did not agree with another, or there were too many rows
 */
export async function recount(
  reading: Pick<Reading, "fetch" | "reader">,
  second: number,
  how: "whole" | "if-few",
): Promise<Counts | undefined> {
  const first = await countOnce(reading, second, how);
  if (first === undefined || first.pages === 1 || first.counts.size > FEW) return first?.counts;
  for (let confirmed = 1; confirmed < CONFIRMATIONS; confirmed += 1) {
    const again = await countOnce(reading, second, how);
    if (again === undefined || !isSame(first.counts, again.counts)) return undefined;
  }
  return first.counts;
}

async function countOnce(
  { fetch, reader }: Pick<Reading, "fetch" | "reader">,
  second: number,
  how: "whole" | "if-few",
): Promise<{ readonly counts: Counts; readonly pages: number } | undefined> {
  const counts = new Map<string, number>();
  let pages = 0;
  const outcome = await walk({
    slice: { start: second, end: second + 1 },
    fetch,
    identify: reader.identify,
    accept: how === "whole" ? Number.POSITIVE_INFINITY : FEW,
    visit: async (rows) => {
      pages += 1;
      for (const { key } of rows) counts.set(key, (counts.get(key) ?? 0) + 1);
    },
  });
  return outcome.kind === "clean" ? { counts, pages } : undefined;
}

function isSame(one: Counts, other: Counts): boolean {
  return one.size === other.size && [...one].every(([key, count]) => other.get(key) === count);
}
