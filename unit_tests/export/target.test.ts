import { expect, it } from "@jest/globals";
import { parseTarget } from "../../src/export/target.ts";

it.each([
  ["a.duckdb", "duckdb"],
  ["a.jsonl", "ndjson"],
  ["a.CSV", "csv"],
  ["/some folder/a.b.parquet", "parquet"],
  ["./-.csv", "csv"],
  ["new\nline.csv", "csv"],
])("--to %j is %s, and the file of the only stream, and has its store", (to, form) => {
  const target = parseTarget(to, ["sessions"]);
  expect(target).toMatchObject({ form, store: form === "duckdb" ? to : `${to}.duckdb` });
  expect(target?.copies.get("sessions")?.called).toBe(form === "duckdb" ? undefined : to);
});

it.each(["", "a", "a.", ".csv", "x/.csv", "x\\.csv", "a.csv/", "a.txt", "a.csv.gz", "a.duck db", "--"])(
  "--to %j is refused",
  (to) => {
    const forms = "the path must end in .duckdb, .parquet, .csv, .ndjson or .jsonl, or be - for stdout.";
    expect(() => parseTarget(to, ["sessions"])).toThrow(`--to ${to}: ${forms}`);
  },
);
