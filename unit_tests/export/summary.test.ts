import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { configError, toConnectorError } from "../../src/errors.ts";
import { failureText } from "../../src/export/outcome-text.ts";
import { type StreamSummary, type Summary, summaryJson } from "../../src/export/summary.ts";
import { summaryText } from "../../src/export/summary-text.ts";

const FIRST = Date.UTC(2024, 0, 30, 1);
const LAST = Date.UTC(2024, 0, 31, 23);
const DAYS = new Map([
  ["2024-01-30", 30],
  ["2024-01-31", 12],
]);

const TABLE: StreamSummary = {
  stream: "sessions",
  status: "complete",
  file: "data/a.duckdb",
  table: "sessions",
  tally: { written: 43, first: FIRST, last: LAST, days: DAYS },
  changes: { added: 42, changed: 1 },
  holdings: { sessions: 5042, first: FIRST, last: LAST, days: DAYS },
  requests: 4,
  ms: 1234,
  failure: undefined,
};
const LINES: StreamSummary = {
  ...TABLE,
  file: "a.csv",
  table: undefined,
  changes: undefined,
  holdings: undefined,
};
const NOTHING = { written: 0, first: undefined, last: undefined, days: new Map() };

function summaryOf(...streams: readonly StreamSummary[]): Summary {
  return { status: streams[0]?.status ?? "complete", streams, requests: 4, ms: 1234 };
}

function plain(...streams: readonly StreamSummary[]): string {
  return summaryText(summaryOf(...streams), { rich: false, color: false, columns: 80 });
}

describe("the summary in a line", () => {
  it.each<readonly [string, StreamSummary, string]>([
    [
      "of a table",
      TABLE,
      "sessions: 42 new sessions, 1 changed, 4 requests in 1.2 s. The table sessions in data/a.duckdb holds 5,042 sessions that started from 2024-01-30 to 2024-01-31.\n",
    ],
    [
      "of a table with nothing new",
      { ...TABLE, changes: { added: 0, changed: 0 }, requests: 1 },
      "sessions: nothing new, 1 request in 1.2 s. The table sessions in data/a.duckdb holds 5,042 sessions that started from 2024-01-30 to 2024-01-31.\n",
    ],
    [
      "of a table with nothing at all",
      {
        ...TABLE,
        changes: { added: 0, changed: 0 },
        holdings: { sessions: 0, first: undefined, last: undefined, days: new Map() },
      },
      "sessions: nothing new, 4 requests in 1.2 s. The table sessions in data/a.duckdb holds 0 sessions.\n",
    ],
    [
      "of a file of lines",
      LINES,
      "sessions: 43 sessions written, 4 requests in 1.2 s. They started from 2024-01-30 to 2024-01-31, and stand in a.csv.\n",
    ],
    [
      "of a file of lines with nothing new",
      { ...LINES, tally: NOTHING },
      "sessions: nothing new, 4 requests in 1.2 s. a.csv is up to date.\n",
    ],
    [
      "of a pipe, and a single day",
      { ...LINES, file: undefined, tally: { ...LINES.tally, first: LAST } },
      "sessions: 43 sessions written, 4 requests in 1.2 s. They started on 2024-01-31.\n",
    ],
    [
      "of sessions without a time",
      { ...LINES, tally: { ...NOTHING, written: 1 } },
      "sessions: 1 session written, 4 requests in 1.2 s. They started at unknown times, and stand in a.csv.\n",
    ],
  ])("%s", (_what, stream, line) => {
    expect(plain(stream)).toBe(line);
  });

  it("is of streams that are complete", () => {
    expect(plain({ ...TABLE, status: "failed" }, { ...TABLE, status: "stopped" })).toBe("");
  });
});

describe("the summary at a terminal", () => {
  const style = { rich: true, color: false, columns: 48 };

  it("is wrapped, and has a chart", () => {
    expect(summaryText(summaryOf(TABLE), style).split("\n")).toEqual([
      "",
      "✔ sessions: 42 new sessions, 1 changed, 4",
      "  requests in 1.2 s",
      "  The table sessions in data/a.duckdb holds",
      "  5,042 sessions that started from 2024-01-30",
      "  to 2024-01-31.",
      "",
      "  Sessions a day",
      `  2024-01-30  ${"█".repeat(29)}  30`,
      `  2024-01-31  ${"█".repeat(11)}▋${" ".repeat(17)}  12`,
      "",
      "",
    ]);
  });

  it("keeps a long path in one piece", () => {
    const file = `/srv/${"long/".repeat(12)}a.duckdb`;
    expect(summaryText(summaryOf({ ...TABLE, file }), style)).toContain(`\n  ${file}`);
  });

  it("says the same in colors", () => {
    const colored = summaryText(summaryOf(TABLE), { ...style, color: true });
    expect(stripVTControlCharacters(colored)).toBe(summaryText(summaryOf(TABLE), style));
    expect(colored).not.toBe(summaryText(summaryOf(TABLE), style));
  });
});

describe("the summary as JSON", () => {
  it("has what is known, and null for the rest", () => {
    const failure = configError("unauthorized", "Browsee refused the keys.");
    const failed: StreamSummary = { ...LINES, status: "failed", tally: NOTHING, failure };
    expect(summaryJson(summaryOf(TABLE, failed))).toEqual({
      status: "complete",
      seconds: 1.23,
      requests: 4,
      streams: [
        {
          stream: "sessions",
          status: "complete",
          file: "data/a.duckdb",
          table: "sessions",
          written: 43,
          new: 42,
          changed: 1,
          sessions: 5042,
          first_session: "2024-01-30T01:00:00.000Z",
          last_session: "2024-01-31T23:00:00.000Z",
          requests: 4,
          seconds: 1.23,
          error: null,
        },
        {
          stream: "sessions",
          status: "failed",
          file: "a.csv",
          table: null,
          written: 0,
          new: null,
          changed: null,
          sessions: null,
          first_session: null,
          last_session: null,
          requests: 4,
          seconds: 1.23,
          error: { code: "unauthorized", failure_type: "config_error", message: "Browsee refused the keys." },
        },
      ],
    });
  });
});

describe("what went wrong", () => {
  const failure = configError("unauthorized", "Browsee refused the keys.");
  const failed: StreamSummary = { ...TABLE, status: "failed", failure };

  it("names the stream where there are several, but not twice", () => {
    const other: StreamSummary = { ...failed, failure: configError("usage", 'sessions of "a": no.') };
    expect(failureText(summaryOf(failed))).toBe("Browsee refused the keys.\n");
    expect(failureText(summaryOf(TABLE, failed, other))).toBe(
      'sessions: Browsee refused the keys.\nsessions of "a": no.\n',
    );
    expect(failureText(summaryOf(TABLE))).toBe("");
  });

  it("says more of what nobody expected", () => {
    const bug: StreamSummary = { ...TABLE, failure: toConnectorError(new TypeError("x is not a function")) };
    expect(failureText(summaryOf(bug))).toMatch(/did not expect\..* \(TypeError: x is not a function\)\n$/);
  });
});
