import wrapAnsi from "wrap-ansi";
import { dayChart } from "./day-chart.ts";
import { paint } from "./progress-text.ts";
import { countOf, countText, dayText, durationText } from "./quantities.ts";
import type { StreamSummary, Summary } from "./summary.ts";

/** How a summary is shown. */
export interface SummaryStyle {
  /** Whether there is a person at a terminal, who gets the chart too. */
  readonly rich: boolean;
  readonly color: boolean;
  readonly columns: number;
}

/** The summary for a person, with a line break at its end. */
export function summaryText(summary: Summary, style: SummaryStyle): string {
  const lines = summary.streams
    .filter(({ status }) => status === "complete")
    .flatMap((stream) => streamLines(stream, style));
  if (style.rich && lines.length > 0) lines.push("");
  return lines.map((line) => `${line}\n`).join("");
}

function streamLines(summary: StreamSummary, { rich, color, columns }: SummaryStyle): readonly string[] {
  const { stream, holdings, tally } = summary;
  const head = `${stream}: ${whatCame(summary)}, ${countOf(summary.requests, "request")} in ${durationText(summary.ms)}`;
  const held = whatIsHeld(summary);
  if (!rich) return [`${head}. ${held}`.trim()];
  const title = color ? `${paint("green", "✔")} ${paint("bold", head)}` : `✔ ${head}`;
  const text = [title, ...(held === "" ? [] : [held])].flatMap((line) => wrapped(line, columns));
  const chart = dayChart((holdings ?? tally).days, columns, color);
  return ["", ...text, ...(chart.length === 0 ? [] : ["", "  Sessions a day", ...chart])];
}

/** A line as several that fit, all but the tick indented; a path that is longer stays whole, to be copied. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines = wrapAnsi(text, columns - 3).split("\n");
  return lines.map((line, at) => (at === 0 && line.includes("✔") ? line : `  ${line}`));
}

function whatCame({ changes, tally }: StreamSummary): string {
  if (changes === undefined)
    return tally.written === 0 ? "nothing new" : `${countOf(tally.written, "session")} written`;
  if (changes.added + changes.changed === 0) return "nothing new";
  return `${countOf(changes.added, "new session")}, ${countText(changes.changed)} changed`;
}

function whatIsHeld({ file, table, holdings, tally }: StreamSummary): string {
  const span = spanText(holdings?.first ?? tally.first, holdings?.last ?? tally.last);
  if (holdings === undefined) {
    if (tally.written === 0) return file === undefined ? "" : `${file} is up to date.`;
    return `They started ${span}${file === undefined ? "" : `, and stand in ${file}`}.`;
  }
  const place = table === undefined ? file : `The table ${table} in ${file}`;
  return `${place} holds ${countOf(holdings.sessions, "session")}${holdings.sessions === 0 ? "" : ` that started ${span}`}.`;
}

function spanText(first: number | undefined, last: number | undefined): string {
  if (first === undefined || last === undefined) return "at unknown times";
  const [from, to] = [dayText(first), dayText(last)];
  return from === to ? `on ${from}` : `from ${from} to ${to}`;
}
