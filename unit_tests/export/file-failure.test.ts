import { describe, expect, it } from "@jest/globals";
import { ConnectorError } from "../../src/errors.ts";
import { fileFailure } from "../../src/export/file-failure.ts";

describe("what befalls a file", () => {
  function told(error: unknown): unknown {
    const failure = fileFailure(error, "data/a.duckdb");
    return failure instanceof ConnectorError ? [failure.code, failure.failureType, failure.message] : failure;
  }
  const coded = (code: string, words = "it failed") =>
    Object.assign(new Error(`${code}: ${words}`), { code });

  it.each([
    [coded("ENOENT"), "target_unwritable", "The folder data does not exist."],
    [
      coded("EACCES", "permission denied, open 'a'"),
      "target_unwritable",
      "data/a.duckdb can't be written: the permissions",
    ],
    [
      coded("EROFS", "read-only file system, open 'a'"),
      "target_unwritable",
      "data/a.duckdb can't be written: the permissions",
    ],
    [coded("EISDIR"), "target_unwritable", "data/a.duckdb is a folder."],
    [
      coded("ENOSPC", "no space left on device, write"),
      "target_unwritable",
      "There is no room for data/a.duckdb",
    ],
    [coded("EFBIG", "file too large, write"), "target_unwritable", "There is no room for data/a.duckdb"],
    [new Error("IO Error: Could not write all bytes to file"), "target_unwritable", "There is no room for"],
    [
      new Error('IO Error: Could not set lock on file "a": Conflicting lock is held in node (PID 42)'),
      "target_busy",
      "is open in another program (process 42).",
    ],
    [new Error("IO Error: Could not set lock on file"), "target_busy", "is open in another program."],
    [
      new Error("Serialization Error: database file with version 99"),
      "target_unusable",
      "DuckDB can't work with data/a.duckdb: Serialization Error: database file with version 99. It was",
    ],
  ])("%s becomes a sentence", (error, code, words) => {
    expect(told(error)).toEqual([code, "config_error", expect.stringContaining(words)]);
  });

  it("stays as it is where nothing is known of it", () => {
    const error = coded("EWHAT");
    expect(told(error)).toBe(error);
    expect(told("text")).toBe("text");
    const bug = new Error("Binder Error: no such column");
    expect(told(bug)).toBe(bug);
  });
});
