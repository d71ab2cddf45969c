import { describe, expect, it } from "@jest/globals";
import { parseTarget } from "../../src/export/target.ts";

const BOTH = ["sessions", "segment_sessions"];

describe("--to", () => {
  it.each([
    ["a.duckdb", "duckdb"],
    ["a.parquet", "parquet"],
    ["a.csv", "csv"],
    ["a.ndjson", "ndjson"],
    ["a.jsonl", "ndjson"],
    ["a.CSV", "csv"],
    ["/some folder/a.b.parquet", "parquet"],
    ["./-.csv", "csv"],
    ["new\nline.csv", "csv"],
  ])("%j is %s, and the file of the only stream", (to, form) => {
    const target = parseTarget(to, ["sessions"]);
    expect(target.form).toBe(form);
    expect(target.copies.get("sessions")).toBe(form === "duckdb" ? undefined : to);
    expect(target.store).toBe(form === "duckdb" ? to : `${to}.duckdb`);
  });

  it("holds all streams in one database, and each in a file of its own otherwise", () => {
    expect(parseTarget("x/a.duckdb", BOTH)).toMatchObject({ store: "x/a.duckdb", copies: new Map() });
    expect([...parseTarget("x/a.b.csv", BOTH).copies.values()]).toEqual([
      "x/a.b.sessions.csv",
      "x/a.b.segment_sessions.csv",
    ]);
    expect(parseTarget("-", ["sessions"])).toMatchObject({ form: "pipe", copies: new Map() });
  });

  it.each(["", "a", "a.", ".csv", "x/.csv", "x\\.csv", "a.csv/", "a.txt", "a.csv.gz", "a.duck db", "--"])(
    "%j is refused",
    (to) => {
      expect(() => parseTarget(to, ["sessions"])).toThrow(`--to ${to}: the path must end in `);
    },
  );

  it("- with several streams is refused", () => {
    expect(() => parseTarget("-", BOTH)).toThrow("A pipe takes one stream, and there are 2: ");
  });
});
