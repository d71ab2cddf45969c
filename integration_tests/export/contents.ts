/** What an export has made, as records like those that the API's rows must become. */
import { readFile } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "@jest/globals";
import { expectedRecord, withoutKey } from "../expected-record.ts";
import type { FakeApi } from "../fake-api/server.ts";
import { parseCsv } from "./parse-csv.ts";

/** A row of whatever form. */
export type Row = Readonly<Record<string, unknown>>;

/** Columns whose values are no texts. */
const NUMBERS = ["timestamp", "duration", "activeTime", "inactiveTime", "pageCount", "eventCount"];
const OTHERS = ["isMobile", "tags", "urls", "additionalFields"];

/** Asks a database, opened for reading only. @returns rows by column, with plain values */
export async function query(database: string, sql: string): Promise<readonly Row[]> {
  const access_mode = database === ":memory:" ? "automatic" : "read_only";
  const instance = await DuckDBInstance.create(database, { access_mode });
  const connection = await instance.connect();
  try {
    const answer = await connection.runAndReadAll(sql);
    return answer.getRowObjectsJS().map((row) => mapRow(row, (_name, value) => plain(value)));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Runs statements on a database, as somebody else would. */
export async function execute(database: string, sql: string): Promise<void> {
  const instance = await DuckDBInstance.create(database);
  const connection = await instance.connect();
  try {
    await connection.run(sql);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  return value instanceof Date ? value.toISOString() : value;
}

function mapRow(row: Row, change: (name: string, value: unknown) => unknown): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, change(name, value)]));
}

/** Rows of a file that an export has made, in the file's order. @param table in a database */
export async function rowsIn(path: string, table = "sessions"): Promise<readonly Row[]> {
  if (path.endsWith(".csv")) return csvRows(await readFile(path, "utf8"));
  if (/\.(ndjson|jsonl)$/.test(path)) return ndjsonRows(await readFile(path, "utf8"));
  const rows = await (path.endsWith(".duckdb")
    ? query(path, `SELECT * FROM ${table}`)
    : query(":memory:", `SELECT * FROM '${path}'`));
  return rows.map((row) =>
    mapRow(row, (name, value) =>
      name === "additionalFields" && typeof value === "string" ? JSON.parse(value) : value,
    ),
  );
}

function csvRows(text: string): readonly Row[] {
  const [header = [], ...lines] = parseCsv(text);
  return lines.map((line) =>
    Object.fromEntries(header.map((name, at) => [name, valueIn(String(name), line[at] ?? null)])),
  );
}

function valueIn(name: string, text: string | null): unknown {
  return text !== null && [...NUMBERS, ...OTHERS].includes(name) ? JSON.parse(text) : text;
}

/** @throws Error where a line is cut off */
export function ndjsonRows(text: string): readonly Row[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new Error("the last line has no end");
  return lines.map((line): Row => JSON.parse(line));
}

/** Expects rows, in any order, to be all sessions of a stand-in: each there, as it is now, and once. */
export function expectAll(api: FakeApi, rows: readonly Row[]): void {
  expect(rows.length).toBe(expectNoneLacks(api, rows));
}

/** Expects no session to be absent, as it is now, nor twice; there may be others. @returns how many there are */
export function expectNoneLacks(api: FakeApi, rows: readonly Row[]): number {
  const truth = [...api.handle.truth()].map(({ row }) => textOf(expectedRecord(row)));
  const left = new Map<string, number>();
  for (const text of rows.map((row) => textOf(withoutKey(row)))) left.set(text, (left.get(text) ?? 0) + 1);
  const take = (text: string) => (left.set(text, (left.get(text) ?? 0) - 1).get(text) ?? 0) >= 0;
  // One of them is enough to see what is wrong.
  expect(truth.find((text) => !take(text))).toBeUndefined();
  expect(new Set(rows.map(({ sessionKey }) => sessionKey)).size).toBe(rows.length);
  return truth.length;
}

/** A row as a text, the same whatever the order of its fields. */
function textOf(row: Row): string {
  return JSON.stringify(Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1)));
}
