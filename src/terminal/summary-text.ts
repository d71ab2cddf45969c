import wrapAnsi from "wrap-ansi";
import { receiptText } from "./outcome-text.ts";
import { countOf, countText, dayText, durationText } from "./quantities.ts";
import type { StreamSummary, Summary, TableStatistics } from "./summary.ts";
import { cleanText, linesText, paint, type TerminalStyle } from "./terminal.ts";

const WIDEST_BAR = 40;
/** What a label is cut to where it leaves too little room. */
const MOST_LABEL = 24;
const GAP = "  ";

/** The summary for a person, with a line break at its end; with a chart where there is a terminal. */
export function summaryText(summary: Summary, style: TerminalStyle): string {
  const lines = summary.streams
    .filter(({ status }) => status === "complete")
    .flatMap((stream) => streamLines(stream, style));
  if (style.moving && lines.length > 0) lines.push("");
  return linesText(lines);
}

function streamLines(summary: StreamSummary, style: TerminalStyle): readonly string[] {
  const { moving, color, columns } = style;
  const { stream, noun, statistics } = summary;
  const head = `${stream}: ${whatCame(summary)}, ${countOf(summary.requests, "request")} in ${durationText(summary.ms)}`;
  const accounts = receiptText(summary.receipt, noun);
  const held = [
    ...(accounts === undefined ? [] : [`${accounts}.`]),
    ...(statistics === undefined ? [] : [cleanText(whatIsThere(summary, statistics))]),
  ];
  if (!moving) return [[`${head}.`, ...held].join(" ")];
  const title = color ? `${paint("green", "✔")} ${paint("bold", head)}` : `✔ ${head}`;
  const text = [title, ...held].flatMap((line) => wrapped(line, columns));
  const chart = statistics === undefined ? [] : chartLines(statistics, style);
  return ["", ...text, ...(chart.length === 0 ? [] : ["", `  ${statistics?.chart.title}`, ...chart])];
}

/** A line as several that fit, all but the tick indented; a path that is longer stays whole, to be copied. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines = wrapAnsi(text, columns - 3).split("\n");
  return lines.map((line, at) => (at === 0 && line.includes("✔") ? line : `  ${line}`));
}

function whatCame({ noun: { one, many }, changes, receipt: { written } }: StreamSummary): string {
  if (changes === undefined) return written === 0 ? "nothing new" : `${countOf(written, one, many)} written`;
  const { added, changed, gone } = changes;
  const parts = [
    ...(added > 0 ? [countOf(added, `new ${one}`, `new ${many}`)] : []),
    ...(changed > 0 ? [`${countText(changed)} changed`] : []),
    ...(gone > 0 ? [`${countText(gone)} gone`] : []),
  ];
  return parts.join(", ") || "nothing new";
}

function whatIsThere(
  { noun: { one, many }, file, table }: StreamSummary,
  { rows, first, last }: TableStatistics,
): string {
  const place = table === undefined ? file : `The table ${table} in ${file}`;
  return `${place} holds ${countOf(rows, one, many)}${rows === 0 ? "" : ` that started ${spanText(first, last)}`}.`;
}

function spanText(first: number | undefined, last: number | undefined): string {
  if (first === undefined || last === undefined) return "at unknown times";
  const [from, to] = [dayText(first), dayText(last)];
  return from === to ? `on ${from}` : `from ${from} to ${to}`;
}

/** A line with a bar for each label; without bars where there is no room for them. */
function chartLines(
  { chart: { bars } }: TableStatistics,
  { columns, color }: TerminalStyle,
): readonly string[] {
  const most = Math.max(...bars.values());
  const digits = countText(most).length;
  const widest = Math.max(...[...bars.keys()].map(({ length }) => length));
  const width = Math.min(widest, MOST_LABEL);
  const room = Math.min(WIDEST_BAR, columns - width - digits - 3 * GAP.length - 1);
  return [...bars].map(([name, count]) => {
    const label = name.length > width ? `${name.slice(0, width - 1)}…` : name.padEnd(width);
    const bar = "█".repeat(Math.max(0, Math.ceil((count / most) * room)));
    const drawn = `${color ? paint("cyan", bar) : bar}${" ".repeat(Math.max(0, room - bar.length))}`;
    return ["", cleanText(label), drawn, countText(count).padStart(digits)].join(GAP);
  });
}
