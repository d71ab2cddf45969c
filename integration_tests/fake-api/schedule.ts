import { below, hash, unit } from "./random.ts";

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** How far density swings in a day and in a week. Together below 1, or time would run backwards. */
const DAY_SWING = 0.65;
const WEEK_SWING = 0.15;
/** Sessions come in fours, so that some fours can be bursts without any state between them. */
const GROUP = 4;

/** What a generated set of sessions is made from. */
export interface Schedule {
  /** How many sessions. */
  readonly count: number;
  readonly seed: number;
  /** The earliest start, ms since the epoch, inclusive. */
  readonly from: number;
  /** The latest start, ms since the epoch, exclusive. */
  readonly to: number;
}

/** Busy by day, quiet by night (UTC) and calmer once a week; grows with `time`, which is in ms. */
function warp(time: number): number {
  const day = (Math.sin((2 * Math.PI * time) / DAY_MS) * DAY_SWING * DAY_MS) / (2 * Math.PI);
  const week = (Math.sin((2 * Math.PI * time) / WEEK_MS) * WEEK_SWING * WEEK_MS) / (2 * Math.PI);
  return time + day + week;
}

/**
 * The start of session `index` (0 to count - 1), ms since the epoch, as a function that never decreases with the
 * index: ranges of a set of any size are found by bisection, and none of it is kept.
 */
export function scheduler(schedule: Schedule): (index: number) => number {
  const { count, seed, from, to } = schedule;
  const span = to - from;
  // Whole weeks are taken off first: sine loses precision on numbers as large as the time since the epoch.
  const phase = from % WEEK_MS;
  const origin = warp(phase);
  const scale = span / (warp(phase + span) - origin);

  const at = (position: number): number => {
    const offset = (warp(phase + (position / count) * span) - origin) * scale;
    return from + Math.max(0, Math.min(Math.floor(offset), span - 1));
  };

  return (index) => {
    const group = Math.floor(index / GROUP);
    const member = index % GROUP;
    if (hash(seed, group, 1) % 12 === 0) {
      // A burst: four within about a second, and now and then within one millisecond.
      const step = hash(seed, group, 2) % 8 === 0 ? 0 : below(400, seed, group, 3);
      const limit = at((group + 1) * GROUP);
      return Math.min(at(group * GROUP) + member * step, limit);
    }
    // Never the whole width: neighbours stay apart by more than rounding can turn around.
    return at(index + unit(seed, index, 4) * 0.95);
  };
}
