import wrapAnsi from "wrap-ansi";
import type { ConnectorError } from "../errors.ts";
import type { Receipt } from "../sync/page.ts";
import { receiptText } from "./outcome-text.ts";
import { countOf, countText, dayText, durationText, type Noun } from "./quantities.ts";
import { cleanText, paint, type TerminalStyle } from "./terminal.ts";

const WIDEST_BAR = 40;
/** What a label is cut to where it leaves too little room. */
const MOST_LABEL = 24;
const GAP = "  ";

/** What was done to the rows of a table; a row counts as changed if what was there differs. */
export interface Changes {
  added: number;
  changed: number;
  /** Rows that a full export did not bring again. */
  gone: number;
}

/** What a stream's table holds. */
export interface TableStatistics {
  readonly rows: number;
  /** Unix ms of the first and the last start; undefined where there is none. */
  readonly first: number | undefined;
  readonly last: number | undefined;
  /** Rows by label, in order: the last days that had any (YYYY-MM-DD, UTC), or the largest partitions. */
  readonly chart: { readonly title: string; readonly bars: ReadonlyMap<string, number> };
}

/** What became of an export, or of one stream in it. */
type Status = "complete" | "failed" | "stopped";

/** What the export of a stream came to. */
export interface StreamSummary {
  readonly stream: string;
  readonly noun: Noun;
  readonly status: Status;
  /** Undefined for a pipe. */
  readonly file: string | undefined;
  readonly table: string | undefined;
  /** What was asked for, what came, and what was written. */
  readonly receipt: Readonly<Receipt>;
  /** Undefined for a pipe, and where nothing could begin. */
  readonly changes: Readonly<Changes> | undefined;
  /** Undefined for a pipe, and where the export was not complete. */
  readonly statistics: TableStatistics | undefined;
  readonly requests: number;
  readonly ms: number;
  readonly failure: ConnectorError | undefined;
}

/** What an export came to. */
export interface Summary {
  readonly status: Status;
  readonly streams: readonly StreamSummary[];
  readonly requests: number;
  readonly ms: number;
}

/** The summary as the JSON object that --json prints; what is unknown is null. */
export function summaryJson({ status, streams, requests, ms }: Summary): object {
  return { status, seconds: seconds(ms), requests, streams: streams.map(streamJson) };
}

function streamJson(summary: StreamSummary): object {
  const { stream, status, file, table, receipt, changes, statistics, requests, ms, failure } = summary;
  return {
    stream,
    status,
    file: file ?? null,
    table: table ?? null,
    counted: receipt.counted,
    accounted_for: receipt.came,
    answers_read_again: receipt.rereads,
    written: receipt.written,
    new: changes?.added ?? null,
    changed: changes?.changed ?? null,
    gone: changes?.gone ?? null,
    sessions: statistics?.rows ?? null,
    first_session: instant(statistics?.first),
    last_session: instant(statistics?.last),
    requests,
    seconds: seconds(ms),
    error: failure === undefined ? null : errorJson(failure),
  };
}

/** An error as --json prints it. */
export function errorJson({ code, failureType, message }: ConnectorError): object {
  return { code, failure_type: failureType, message };
}

/** Unix ms as an ISO 8601 instant in UTC; null for undefined. */
export function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

function seconds(ms: number): number {
  return Math.round(ms / 10) / 100;
}

/** The summary for a person, in lines; with a chart where there is a terminal. */
export function summaryLines(summary: Summary, style: TerminalStyle): readonly string[] {
  const lines = summary.streams
    .filter(({ status }) => status === "complete")
    .flatMap((stream) => streamLines(stream, style));
  return style.moving && lines.length > 0 ? [...lines, ""] : lines;
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
