import { expect, it } from "@jest/globals";
import { ConnectorError } from "../../src/errors.ts";
import { fileFailure } from "../../src/export/file-failure.ts";

function told(error: unknown): unknown {
  const failure = fileFailure(error, "data/a.duckdb");
  return failure instanceof ConnectorError ? [failure.code, failure.failureType, failure.message] : failure;
}
const coded = (code: string, words = "it failed") => Object.assign(new Error(`${code}: ${words}`), { code });
const LOCKED = "IO Error: Could not set lock on file";
const LATER = "Serialization Error: database file with version 99";

it.each([
  [coded("EROFS", "read-only file system"), "target_unwritable", "data/a.duckdb can't be written: the "],
  [coded("ENOSPC", "no space left on device"), "target_unwritable", "There is no room for data/a.duckdb"],
  [new Error("IO Error: Could not write all bytes to file"), "target_unwritable", "There is no room for"],
  [new Error(LOCKED), "target_busy", "is open in another program."],
  [new Error(LATER), "target_unusable", `DuckDB can't work with data/a.duckdb: ${LATER}. It was`],
])("%s, which befell a file, becomes a sentence", (error, code, words) => {
  expect(told(error)).toEqual([code, "config_error", expect.stringContaining(words)]);
});

it.each([coded("EWHAT"), "text", new Error("Binder Error: no such column")])(
  "%s stays as it is, as nothing is known of it",
  (error) => expect(told(error)).toBe(error),
);
