import type { Case } from "./case.ts";
import type { Random } from "./random.ts";

/** What one answer could count. */
export interface Counted {
  /** Rows of the whole set, as it is. */
  readonly now: number;
  /** As it was some requests ago. */
  readonly before: number;
  /** Rows of this answer. */
  readonly page: number;
  readonly request: number;
}

/** `exports.total` of one answer; undefined where it is absent or a text. */
export function totalOf({ count, cap }: Case, counted: Counted, random: Random): number | undefined {
  const total = claimed(count, counted, random);
  return total !== undefined && cap > 0 ? Math.min(total, cap) : total;
}

function claimed(count: Case["count"], { now, before, page, request }: Counted, random: Random) {
  switch (count) {
    case "right":
      return now;
    case "late":
      return before;
    case "page":
      return page;
    case "absent":
      return undefined;
    case "negative":
      return -5;
    case "broken":
      return now + 0.5;
    case "more":
      return now + 1;
    case "less":
      return Math.max(0, now - 1);
    case "alternating":
      return now + (request % 2);
    case "wavering":
      return Math.max(0, now - 1 + random.below(3));
  }
}
