import type { Sighting } from "./row-reader.ts";

/**
 * Whether a page goes on where the one before ended: its first row is the other one's last.
 * @param last identity of the last row met; undefined at the start of a set
 */
export function seamHolds(last: string | undefined, page: readonly Sighting[]): boolean {
  return last === undefined || page[0]?.key === last;
}
