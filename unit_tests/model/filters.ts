import type { Case } from "./case.ts";
import type { Session } from "./world.ts";

/** Whether a session is in the set that start and end (Unix s) ask for. */
export function filterOf({ filter, shift }: Case, start: number, end: number): (session: Session) => boolean {
  const low = start * 1000;
  const high = end * 1000;
  switch (filter) {
    case "start":
      return ({ at }) => at >= low && at < high;
    case "start-inclusive":
      return ({ at }) => at >= low && at <= high;
    case "start-exclusive":
      return ({ at }) => at > low && at < high;
    case "start-late":
      return ({ at }) => at > low && at <= high;
    case "ceiling":
      return ({ at }) => Math.ceil(at / 1000) > start && Math.ceil(at / 1000) < end;
    case "end":
      return ({ at, length }) => at + length >= low && at + length < high;
    case "within":
      return ({ at, length }) => at >= low && at + length < high;
    case "overlap":
      return ({ at, length }) => at + length >= low && at < high;
    case "minutes":
      return ({ at }) => at >= cut(low, 60_000) && at < cut(high, 60_000);
    case "hours":
      return ({ at }) => at >= cut(low, 3_600_000) && at < high;
    case "shifted":
      return ({ at }) => at + shift * 1000 >= low && at + shift * 1000 < high;
    case "start-ignored":
      return ({ at }) => at < high;
    case "end-ignored":
      return ({ at }) => at >= low;
    case "ignored":
      return () => true;
  }
}

function cut(ms: number, unit: number): number {
  return Math.floor(ms / unit) * unit;
}
