import { readFileSync } from "node:fs";
import { ConnectorError, configError, type ErrorCode } from "../errors.ts";
import { isShowable } from "../showable.ts";

/**
 * Reads a JSON file that was named on the command line; a byte order mark is passed over.
 * @param what how messages call it, e.g. "configuration"
 * @param code of the error if it is not JSON
 * @throws ConnectorError file_unreadable, or the given code
 */
export function readInputFile(path: string, what: string, code: ErrorCode): unknown {
  const file = isShowable(path) ? `${what} file ${path}` : `${what} file`;
  const text = readText(path, file).replace(/^\uFEFF/, "");
  if (text.trim() === "") throw configError(code, `The ${file} is empty. It must hold JSON.`);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would quote the file, and so perhaps a secret.
    throw configError(code, `The ${file} is not valid JSON. Correct it, or write it again.`);
  }
}

function readText(path: string, file: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const message = isShowable(path)
      ? `The ${file} can't be read. Check the path and its permissions.`
      : `The ${file} can't be read: what was given in the place of its path looks like JSON or a key. Write it into a file, and name that.`;
    // The system's words hold the path.
    const detail = isShowable(path) ? { detail: String(error) } : {};
    throw new ConnectorError({ code: "file_unreadable", failureType: "config_error", message, ...detail });
  }
}
