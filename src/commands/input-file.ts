import { readFileSync } from "node:fs";
import { configError, type ErrorCode } from "../errors.ts";

/**
 * Reads a JSON file that was named on the command line; a byte order mark is passed over.
 * @param what how messages call it, e.g. "configuration"
 * @param code of the error if it is not JSON
 * @throws ConnectorError file_unreadable, or the given code
 */
export function readInputFile(path: string, what: string, code: ErrorCode): unknown {
  const text = readText(path, what).replace(/^\uFEFF/, "");
  if (text.trim() === "") throw configError(code, `The ${what} file ${path} is empty. It must hold JSON.`);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would quote the file, and so perhaps a secret.
    throw configError(code, `The ${what} file ${path} is not valid JSON. Correct it, or write it again.`);
  }
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const message = `The ${what} file ${path} can't be read. Check the path and its permissions.`;
    throw configError("file_unreadable", message, detail);
  }
}
