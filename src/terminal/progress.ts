import type { Event } from "../sync/page.ts";
import { countText, durationText } from "./quantities.ts";
import { paint, type TerminalStyle } from "./terminal.ts";

type BarStyle = Pick<TerminalStyle, "columns" | "color">;

const WIDEST_BAR = 30;
/** Room that the text takes in each of its brevities: so it does not change its form when a rate comes, or a time gets long. */
const TEXT_WIDTHS = [66, 47, 32, 22];
/** Before so many ms there is no rate worth telling. */
const RATE_AFTER_MS = 1000;
/** Only what has ended is done. */
const MOST = 0.99;

/** How far the export of a stream is. */
export type Progress = ReturnType<typeof createProgress>;

/** What is known of the window that is being read: times in Unix s. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly reached: number;
  /** Records that came of it, */
  readonly rows: number;
  /** and that the API counts in it; undefined where an earlier run counted. */
  readonly estimate?: number;
  /** How much of the partition was done when it began, and is when it ends, from 0 to 1. */
  readonly share: readonly [number, number];
  /** Whether an earlier run has brought some of it, so that what comes need not be new. */
  readonly isKnown: boolean;
}

/**
 * Follows the export of a stream.
 * @param noun what its records are called, several of them
 * @param partitions how many it is read in
 * @param monotonicNow ms
 */
export function createProgress(stream: string, noun: string, partitions: number, monotonicNow: () => number) {
  const begun = monotonicNow();
  let partition = -1;
  /** Of the partition that is being read, Unix s. */
  let [from, to] = [0, 0];
  let window: Window | undefined;
  /** Records of windows that are done. */
  let before = 0;
  /** What has been shown: a set that moves makes neither less. */
  let most = 0;
  let shown: number | undefined;

  /** Distinct records that came in this run. */
  function done(): number {
    most = Math.max(most, before + (window?.rows ?? 0));
    return most;
  }

  /** From 0 to 1; undefined as long as nothing is known. */
  function fraction(): number | undefined {
    const part = window && partOf(window);
    if (part !== undefined || partition > 0)
      shown = Math.min(MOST, Math.max(shown ?? 0, (partition + (part ?? 0)) / partitions));
    return shown;
  }

  function open(event: Extract<Event, { kind: "window" }>): Window {
    if (window === undefined) from = event.from;
    const end = event.to >= to ? 1 : (event.to - from) / (to - from);
    const share = [window?.share[1] ?? 0, end] as const;
    const isKnown = event.reached !== undefined;
    return { from: event.from, to: event.to, reached: event.from, rows: 0, share, isKnown };
  }

  return {
    done,
    /** A partition is about to be read. @param end Unix s: where reading it will end */
    begin(end: number): void {
      before = done();
      window = undefined;
      partition += 1;
      to = end;
    },
    report(event: Event): void {
      if (event.kind === "window") {
        before = done();
        window = open(event);
      } else if (event.kind === "estimate" && window !== undefined) {
        window = { ...window, estimate: event.rows };
      } else if (event.kind === "progress" && window !== undefined) {
        window = { ...window, rows: event.rows, reached: event.reached, to: event.windowEnd };
      }
    },
    /** How far it is, in a line without a line break: with a bar for a terminal, without for a log. */
    line(bar?: BarStyle): string {
      const ms = monotonicNow() - begun;
      const part = fraction();
      const isLast = partition + 1 === partitions && window?.share[1] === 1;
      const estimate = isLast ? window?.estimate : undefined;
      const total = estimate === undefined ? undefined : Math.max(done(), before + estimate);
      const called = window?.isKnown ? `${noun} looked at` : noun;
      const facts = { noun: called, part, done: done(), total, ms };
      return bar === undefined ? `${stream}: ${textOf(facts, 0)}` : barLine(stream, facts, bar);
    },
  };
}

/** What there is to tell. */
interface Facts {
  readonly noun: string;
  readonly part: number | undefined;
  readonly done: number;
  readonly total: number | undefined;
  /** Since the begin. */
  readonly ms: number;
}

/** @param brevity from 0, the longest way to tell it, to 3, the shortest */
function textOf({ noun, part, done, total, ms }: Facts, brevity: number): string {
  if (part === undefined && done === 0) return `asking Browsee for ${noun}`;
  const of = total === undefined ? "" : ` of ${countText(total)}`;
  const rate = ms >= RATE_AFTER_MS ? (done * 1000) / ms : 0;
  const left = part === undefined || part === 0 ? 0 : (ms * (1 - part)) / part;
  return [
    ...(part === undefined ? [] : [`${Math.floor(part * 100)}%`]),
    `${countText(done)}${of}${brevity === 0 ? ` ${noun}` : ""}`,
    ...(rate < 1 || brevity > 1 ? [] : [`${countText(rate)}${brevity === 0 ? " a second" : "/s"}`]),
    ...(left === 0 || brevity > 2 ? [] : [`${durationText(Math.max(1000, left), 0)} left`]),
  ].join(", ");
}

/** The bar is as wide as the columns have it, so that it keeps its width; the text tells what fits behind it. */
function barLine(stream: string, facts: Facts, { columns, color }: BarStyle): string {
  const { part } = facts;
  const width = Math.min(WIDEST_BAR, Math.floor(columns / 4));
  const room = columns - `${stream}    `.length - width;
  const texts = TEXT_WIDTHS.flatMap((most, brevity) => (most < room ? textOf(facts, brevity) : []));
  const text = texts.find(({ length }) => length < room);
  if (part === undefined || text === undefined)
    return `${stream}  ${text ?? textOf(facts, 3)}`.slice(0, columns - 1);
  const full = "█".repeat(Math.round(part * width));
  const rest = "░".repeat(width - full.length);
  return `${stream}  ${color ? paint("green", full) + paint("dim", rest) : full + rest}  ${text}`;
}

/** How much of its partition is done: by records where they were counted, else by time. */
function partOf({ from, to, reached, rows, estimate, share: [start, end] }: Window): number | undefined {
  const byTime = reached > from ? Math.min(1, (reached - from) / (to - from)) : undefined;
  const part = estimate !== undefined && estimate > 0 ? Math.min(1, rows / estimate) : byTime;
  return part === undefined ? (start > 0 ? start : undefined) : start + (end - start) * part;
}
