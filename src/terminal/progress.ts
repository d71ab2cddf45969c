import type { Event } from "../sync/page.ts";
import { countText, durationText } from "./quantities.ts";
import { paint, type TerminalStyle } from "./terminal.ts";

type BarStyle = Pick<TerminalStyle, "columns" | "color">;

const WIDEST_BAR = 30;
const NARROWEST_BAR = 6;

/** Follows the export of a stream. */
export interface Progress {
  readonly stream: string;
  report(event: Event): void;
  /** Distinct sessions that came in this run. */
  done(): number;
  /** How far it is, in a line without a line break: with a bar for a terminal, without for a log. */
  line(bar?: BarStyle): string;
}

/** What is known of the window that is being read: times in Unix s, sessions in it. */
interface Window {
  readonly from: number;
  readonly to: number;
  readonly reached: number;
  readonly sessions: number;
  readonly estimate: number | undefined;
}

/**
 * @param windows how many the stream has: one for each of its partitions
 * @param monotonicNow ms
 */
export function createProgress(stream: string, windows: number, monotonicNow: () => number): Progress {
  let begun = monotonicNow();
  let window: Window | undefined;
  let windowsDone = 0;
  /** Sessions of windows that are done. */
  let before = 0;
  const done = () => before + (window?.sessions ?? 0);

  /** From 0 to 1; undefined as long as nothing is known. */
  function fraction(): number | undefined {
    const part = window && fractionOf(window);
    return part === undefined && windowsDone === 0 ? undefined : (windowsDone + (part ?? 0)) / windows;
  }

  return {
    stream,
    done,
    report(event) {
      if (event.kind === "window") {
        if (window === undefined) begun = monotonicNow();
        else windowsDone += 1;
        before = done();
        window = { from: event.from, to: event.to, reached: event.from, sessions: 0, estimate: undefined };
      } else if (event.kind === "estimate" && window !== undefined) {
        window = { ...window, estimate: event.rows };
      } else if (event.kind === "progress" && window !== undefined) {
        window = { ...window, sessions: event.rows, reached: event.reached, to: event.windowEnd };
      }
    },
    line(bar) {
      const part = fraction();
      const ms = monotonicNow() - begun;
      const estimate = windowsDone + 1 >= windows ? window?.estimate : undefined;
      const total = estimate === undefined ? "" : ` of ${countText(Math.max(done(), before + estimate))}`;
      const rate = (done() * 1000) / ms;
      const facts = [
        ...(part === undefined ? [] : [`${Math.floor(part * 100)}%`]),
        `${countText(done())}${total} sessions`,
        ...(rate >= 1 && Number.isFinite(rate) ? [`${countText(rate)} a second`] : []),
        ...(part === undefined || part === 0 ? [] : [`${durationText((ms * (1 - part)) / part)} left`]),
      ].join(", ");
      return bar === undefined ? `${stream}: ${facts}` : barLine(stream, facts, part, bar);
    },
  };
}

/** @param part from 0 to 1 */
function barLine(
  stream: string,
  facts: string,
  part: number | undefined,
  { columns, color }: BarStyle,
): string {
  const room = Math.min(WIDEST_BAR, columns - `${stream}    ${facts} `.length);
  if (part === undefined || room < NARROWEST_BAR) return `${stream}  ${facts}`.slice(0, columns - 1);
  const full = "█".repeat(Math.round(part * room));
  const rest = "░".repeat(room - full.length);
  return `${stream}  ${color ? paint("green", full) + paint("dim", rest) : full + rest}  ${facts}`;
}

/** By sessions where they were counted, else by time. */
function fractionOf({ from, to, reached, sessions, estimate }: Window): number | undefined {
  if (estimate !== undefined && estimate > 0) return Math.min(1, sessions / estimate);
  return reached > from ? Math.min(1, (reached - from) / (to - from)) : undefined;
}
