import type { Reading } from "./reading.ts";
import { walk } from "./walk.ts";

/** More rows than this are not worth reading just to go on behind them. */
const FEW = 200;

/**
 * Counts the identities that start within a second, by a read of its own.
 * @param second Unix s
 * @param how whether to read the second however many rows it has
 * @returns undefined where that read was torn, or there were too many
 */
export async function recount(
  { fetch, reader }: Pick<Reading, "fetch" | "reader">,
  second: number,
  how: "whole" | "if-few",
): Promise<ReadonlyMap<string, number> | undefined> {
  const counts = new Map<string, number>();
  const outcome = await walk({
    slice: { start: second, end: second + 1 },
    fetch,
    identify: reader.identify,
    accept: how === "whole" ? Number.POSITIVE_INFINITY : FEW,
    visit: async (rows) => {
      for (const { key } of rows) counts.set(key, (counts.get(key) ?? 0) + 1);
    },
  });
  return outcome.kind === "clean" ? counts : undefined;
}
