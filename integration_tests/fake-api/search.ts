/**
 * The first index from `low` (inclusive) to `high` (exclusive) at which `reached` holds, or `high` where it never
 * does. `reached` must not hold again anywhere after having held.
 */
export function firstIndex(low: number, high: number, reached: (index: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (reached(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}
