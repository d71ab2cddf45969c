import type { WholeSpan } from "./page.ts";
import type { Requests } from "./requests.ts";
import { sortedSpan } from "./sorted-span.ts";

/** Sessions that a slice aims at: a run that is killed within one begins it again. */
const AIM_ROWS = 2500;
const MOST_CUTS = 40;

/**
 * Reads history, where nothing moves any more, in the API's order, slice by slice: far fewer requests than whole answers
 * take. A slice whose pages prove nothing ends it.
 * @param from Unix s, inclusive
 * @param to Unix s, exclusive
 * @returns Unix s: how far it came
 */
export async function* orderedSpans(
  requests: Requests,
  from: number,
  to: number,
): AsyncGenerator<WholeSpan, number, void> {
  let width = to - from;
  let cuts = 0;
  for (let at = from; at < to; ) {
    const slice = await requests.ask({ start: at, end: Math.min(to, at + width) }, 0);
    const { total, span } = slice;
    width = span.end - span.start;
    // The largest total may be a cap, and the list may end there.
    const isMuch = total > AIM_ROWS * 1.1 || total === requests.largestTotal;
    if (await requests.isWhole(slice)) yield slice;
    else if (isMuch && width > 1 && cuts < MOST_CUTS) {
      cuts += 1;
      width = Math.max(1, Math.floor(width * Math.min(0.5, AIM_ROWS / total)));
      continue;
    } else {
      const sorted = isMuch ? undefined : await sortedSpan(requests, slice);
      if (sorted === undefined) return at;
      yield sorted;
    }
    at = span.end;
    cuts = 0;
    width = total === 0 ? 2 * width : Math.max(1, Math.floor((width * AIM_ROWS) / total));
  }
  return to;
}
