import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import { configError, type ErrorCode } from "../errors.ts";
import { isShowable } from "../redact.ts";

/**
 * Reads a JSON file that was named on the command line; a byte order mark is passed over.
 * @param what how messages call it, e.g. "configuration"
 * @param code of the error if it is not JSON
 * @throws ConnectorError file_unreadable, or the given code
 */
export function readInputFile(path: string, what: string, code: ErrorCode): unknown {
  const file = isShowable(path) ? `${what} file ${path}` : `${what} file`;
  const bytes = readBytes(path, file);
  // What they mean can't be known, and a key would be another one.
  if (!isUtf8(bytes))
    throw configError(code, `The ${file} is not UTF-8. Save it in that encoding, as JSON is written.`);
  const text = new TextDecoder().decode(bytes);
  if (text.trim() === "") throw configError(code, `The ${file} is empty. It must hold JSON.`);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words would quote the file, and so perhaps a secret.
    throw configError(code, `The ${file} is not valid JSON. Correct it, or write it again.`);
  }
}

function readBytes(path: string, file: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const message = isShowable(path)
      ? `The ${file} can't be read. Check the path and its permissions.`
      : `The ${file} can't be read: what was given in the place of its path looks like JSON or a key. Write it into a file, and name that.`;
    // The system's words hold the path.
    throw configError("file_unreadable", message, isShowable(path) ? String(error) : undefined);
  }
}
