import { styleText } from "node:util";
import type { ProgressView } from "./progress.ts";
import { countOf, countText, durationText } from "./quantities.ts";

const WIDEST_BAR = 30;
const NARROWEST_BAR = 6;

/** A stream's progress in one line, as wide as the terminal allows: the least important parts go first. */
export function barLine(view: ProgressView, nameWidth: number, columns: number, color: boolean): string {
  const name = view.stream.padEnd(nameWidth);
  const kept = [...parts(view)];
  const width = () => [name, ...kept].join("  ").length;
  while (kept.length > 1 && width() > columns - 1) kept.pop();
  const room = Math.min(WIDEST_BAR, columns - 1 - width() - 2);
  const bar =
    view.fraction === undefined || room < NARROWEST_BAR ? [] : [barText(view.fraction, room, color)];
  return [name, ...bar, ...kept].join("  ").slice(0, color ? undefined : Math.max(1, columns - 1));
}

/** The most important first. */
function parts({ phase, fraction, done, total, perSecond, leftMs }: ProgressView): readonly string[] {
  if (phase === "waiting") return ["waiting"];
  const sessions =
    total === undefined ? countOf(done, "session") : `${countText(done)} of ${countText(total)}`;
  if (phase === "done") return ["100%", countOf(done, "session")];
  const percent = fraction === undefined ? [] : [`${Math.floor(fraction * 100)}%`.padStart(4)];
  const rate = perSecond === undefined || perSecond < 1 ? [] : [`${countText(perSecond)}/s`];
  const left = leftMs === undefined ? [] : [`${durationText(leftMs)} left`];
  return phase === "failed" ? ["failed", sessions] : [...percent, sessions, ...left, ...rate];
}

function barText(fraction: number, width: number, color: boolean): string {
  const full = Math.round(fraction * width);
  const done = "█".repeat(full);
  const rest = "░".repeat(width - full);
  return color ? paint("green", done) + paint("dim", rest) : done + rest;
}

/** The same for a log. */
export function logText({ stream, fraction, done, total, perSecond, leftMs }: ProgressView): string {
  const of = total === undefined ? "" : ` of ${countText(total)}`;
  const percent = fraction === undefined ? "" : ` (${Math.floor(fraction * 100)}%)`;
  const rate = perSecond === undefined ? "" : `, ${countText(perSecond)} a second`;
  const left = leftMs === undefined ? "" : `, about ${durationText(leftMs)} left`;
  return `${stream}: ${countText(done)}${of} sessions${percent}${rate}${left}`;
}

/** Colors a text whatever stdout is: the caller knows the terminal. */
export function paint(format: "green" | "dim" | "bold" | "red" | "cyan" | "yellow", text: string): string {
  return styleText(format, text, { validateStream: false });
}
