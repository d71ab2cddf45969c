import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "@jest/globals";
import { RetriableFailure } from "../../src/browsee/retry.ts";
import { configError, toConnectorError } from "../../src/errors.ts";
import { Receipt } from "../../src/sync/page.ts";
import { failureTexts, stoppedText, tellWaits } from "../../src/terminal/outcome-text.ts";
import { type StreamSummary, type Summary, summaryJson, summaryLines } from "../../src/terminal/summary.ts";

const FIRST = Date.UTC(2024, 0, 30, 1);
const LAST = Date.UTC(2024, 0, 31, 23);
const STATISTICS = {
  rows: 5042,
  first: FIRST,
  last: LAST,
  chart: {
    title: "Sessions a day",
    bars: new Map([
      ["2024-01-30", 30],
      ["2024-01-31", 12],
    ]),
  },
};
const TABLE: StreamSummary = {
  stream: "sessions",
  noun: { one: "session", many: "sessions" },
  status: "complete",
  file: "data/a.duckdb",
  table: "sessions",
  receipt: { from: 1, to: 2, counted: 45, came: 45, written: 43, rereads: 2 },
  changes: { added: 42, changed: 1, gone: 0 },
  statistics: STATISTICS,
  requests: 4,
  ms: 1234,
  failure: undefined,
};
const MORE = { from: 1, to: 2, counted: 1200, came: 1203, written: 3, rereads: 1 };
const NOTHING = { added: 0, changed: 0, gone: 0 };
const PIPE = { ...TABLE, file: undefined, table: undefined, changes: undefined, statistics: undefined };
const NOTHING_CAME = new Receipt();
const ACCOUNTS = "45 of 45 sessions accounted for; 2 answers read again because sessions came or went.";
const HELD =
  "The table sessions in data/a.duckdb holds 5,042 sessions that started from 2024-01-30 to 2024-01-31.";

function summaryOf(...streams: readonly StreamSummary[]): Summary {
  return { status: streams[0]?.status ?? "complete", streams, requests: 4, ms: 1234 };
}

describe("the summary in a line", () => {
  const empty = {
    rows: 0,
    first: undefined,
    last: undefined,
    chart: { title: "Sessions a day", bars: new Map() },
  };

  it.each<readonly [string, Partial<StreamSummary>, string]>([
    ["of a table", {}, `42 new sessions, 1 changed, 4 requests in 1.2 s. ${ACCOUNTS} ${HELD}`],
    [
      "with nothing new",
      { changes: NOTHING, requests: 1 },
      `nothing new, 1 request in 1.2 s. ${ACCOUNTS} ${HELD}`,
    ],
    [
      "of what is gone",
      { changes: { ...NOTHING, gone: 1200 } },
      `1,200 gone, 4 requests in 1.2 s. ${ACCOUNTS} ${HELD}`,
    ],
    [
      "of a file with nothing at all",
      { file: "a.csv", table: undefined, changes: NOTHING, statistics: empty },
      `nothing new, 4 requests in 1.2 s. ${ACCOUNTS} a.csv holds 0 sessions.`,
    ],
    [
      "of sessions without a time, and a path with escapes",
      { file: "\u001b[31m.csv", table: undefined, statistics: { ...empty, rows: 1 } },
      `42 new sessions, 1 changed, 4 requests in 1.2 s. ${ACCOUNTS} \ufffd[31m.csv holds 1 session that started at unknown times.`,
    ],
    [
      "of more than was counted",
      { ...PIPE, receipt: MORE },
      "3 sessions written, 4 requests in 1.2 s. 1,200 of 1,200 sessions accounted for, and 3 that were not in that count; 1 answer read again because sessions came or went.",
    ],
    ["of a pipe", PIPE, `43 sessions written, 4 requests in 1.2 s. ${ACCOUNTS}`],
    ["of a pipe that got nothing", { ...PIPE, receipt: NOTHING_CAME }, "nothing new, 4 requests in 1.2 s."],
  ])("%s", (_what, change, line) => {
    const style = { moving: false, color: false, columns: 80 };
    expect(summaryLines(summaryOf({ ...TABLE, ...change }), style)).toEqual([`sessions: ${line}`]);
    expect(summaryLines(summaryOf({ ...TABLE, ...change, status: "failed" }), style)).toEqual([]);
  });
});

describe("the summary at a terminal", () => {
  const style = { moving: true, color: false, columns: 48 };

  it("is wrapped, and has a chart", () => {
    expect(summaryLines(summaryOf(TABLE), style)).toEqual([
      "",
      "✔ sessions: 42 new sessions, 1 changed, 4",
      "  requests in 1.2 s",
      "  45 of 45 sessions accounted for; 2 answers",
      "  read again because sessions came or went.",
      "  The table sessions in data/a.duckdb holds",
      "  5,042 sessions that started from 2024-01-30",
      "  to 2024-01-31.",
      "",
      "  Sessions a day",
      `  2024-01-30  ${"█".repeat(29)}  30`,
      `  2024-01-31  ${"█".repeat(12)}${" ".repeat(17)}  12`,
      "",
    ]);
  });

  it("goes without bars where there is no room for them", () => {
    const lines = summaryLines(summaryOf(TABLE), { ...style, columns: 18 });
    expect(lines.slice(-3)).toEqual(["  2024-01-30    30", "  2024-01-31    12", ""]);
  });

  it("keeps a long path in one piece, and says the same in colors", () => {
    const file = `/srv/${"long/".repeat(12)}a.duckdb`;
    const plain = summaryLines(summaryOf({ ...TABLE, file }), style).join("\n");
    const colored = summaryLines(summaryOf({ ...TABLE, file }), { ...style, color: true }).join("\n");
    expect(plain).toContain(`\n  ${file}`);
    expect(stripVTControlCharacters(colored)).toBe(plain);
    expect(colored).not.toBe(plain);
  });
});

describe("the summary as JSON", () => {
  it("has what is known, and null for the rest", () => {
    const failure = configError("unauthorized", "Browsee refused the keys.");
    const common = { stream: "sessions", requests: 4, seconds: 1.23 };
    expect(
      summaryJson(summaryOf(TABLE, { ...PIPE, status: "failed", receipt: NOTHING_CAME, failure })),
    ).toEqual({
      status: "complete",
      seconds: 1.23,
      requests: 4,
      streams: [
        {
          ...common,
          status: "complete",
          file: "data/a.duckdb",
          table: "sessions",
          counted: 45,
          accounted_for: 45,
          answers_read_again: 2,
          written: 43,
          new: 42,
          changed: 1,
          gone: 0,
          sessions: 5042,
          first_session: "2024-01-30T01:00:00.000Z",
          last_session: "2024-01-31T23:00:00.000Z",
          error: null,
        },
        {
          ...common,
          status: "failed",
          file: null,
          table: null,
          counted: 0,
          accounted_for: 0,
          answers_read_again: 0,
          written: 0,
          new: null,
          changed: null,
          gone: null,
          sessions: null,
          first_session: null,
          last_session: null,
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
    expect(failureTexts(summaryOf(failed))).toEqual(["Browsee refused the keys."]);
    expect(failureTexts(summaryOf(TABLE, failed, other))).toEqual([
      "sessions: Browsee refused the keys.",
      'sessions of "a": no.',
    ]);
    expect(failureTexts(summaryOf(TABLE))).toEqual([]);
  });

  it("says more of what nobody expected", () => {
    const bug: StreamSummary = { ...TABLE, failure: toConnectorError(new TypeError("x is not a function")) };
    expect(failureTexts(summaryOf(bug))[0]).toMatch(/did not expect\..* \(TypeError: x is not a function\)$/);
  });
});

describe("what is said of an export that was stopped", () => {
  const stopped: StreamSummary = { ...TABLE, status: "stopped", statistics: undefined };

  it("is that it goes on, where something was saved, and how much", () => {
    expect(stoppedText(summaryOf(stopped), false)).toMatch(
      /^Stopped; 43 records of this run are saved\. .* goes on/,
    );
    expect(stoppedText(summaryOf({ ...stopped, changes: NOTHING }), false)).toMatch(
      /^Stopped before anything was saved\./,
    );
    expect(stoppedText(summaryOf({ ...PIPE, status: "stopped" }), false)).toBe("Stopped.");
  });
});

describe("what is said of a failure that may pass", () => {
  it("has the failure, when it is tried again, and until when", () => {
    const failure = new RetriableFailure("unreachable", "https://a.example can't be reached");
    const midnight = new Date(2024, 0, 1).getTime();
    const wait = { ms: 1800, attempts: 3, failure, leftMs: 30 * 60_000 };
    const told: string[] = [];
    const tell = tellWaits(
      (text) => told.push(text),
      () => midnight,
    );
    for (const attempts of [3, 4]) tell({ ...wait, attempts });
    expect(told).toEqual([
      "https://a.example can't be reached; trying again in 2 s, until 00:30 at the latest",
    ]);
  });
});
