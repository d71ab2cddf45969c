import type { Reading } from "./reading.ts";
import { walk } from "./walk.ts";

/**
 * Counts the identities that start within a second, by a read of its own.
 * @param second Unix s
 * @returns undefined where that read was torn
 */
export async function recount(
  { fetch, reader }: Pick<Reading, "fetch" | "reader">,
  second: number,
): Promise<ReadonlyMap<string, number> | undefined> {
  const counts = new Map<string, number>();
  const outcome = await walk({
    slice: { start: second, end: second + 1 },
    fetch,
    identify: reader.identify,
    accept: Number.POSITIVE_INFINITY,
    visit: async (rows) => {
      for (const { key } of rows) counts.set(key, (counts.get(key) ?? 0) + 1);
    },
  });
  return outcome.kind === "clean" ? counts : undefined;
}
