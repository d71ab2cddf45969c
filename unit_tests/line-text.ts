import type { Line } from "../src/protocol/messages.ts";
import { toText } from "../src/text.ts";

/** A line of stdout as a string. */
export function lineText(line: Line): string {
  if (typeof line === "string" || !("text" in line)) return toText(line);
  return line.before.toString() + toText(line.text) + line.behind.toString();
}
