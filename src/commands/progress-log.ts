import type { PartitionStart } from "../streams/read-stream.ts";
import { partitionName, type StreamDefinition } from "../streams/stream.ts";
import { skippedWarning, startWarning } from "../streams/warnings.ts";
import type { Event } from "../sync/page.ts";
import { instantText, spanText } from "../sync/problems.ts";
import type { StreamMessages } from "./stream-messages.ts";

/** A line at the earliest after so many records, so that many small pieces make few lines. */
const ROWS_A_LINE = 1000;

/** Turns what happens while a partition is read into LOG lines and an ESTIMATE. @returns takes what happens */
export function createProgressLog(
  messages: StreamMessages,
  { noun: { many } }: Pick<StreamDefinition, "noun">,
  start: PartitionStart,
  monotonicNow: () => number,
): (event: Event) => void {
  const name = partitionName(start.partition);
  const log = (level: "INFO" | "WARN", text: string) =>
    void messages.log(level, name === "" ? text : `${name}: ${text}`);
  const begun = monotonicNow();
  let estimate = 0;
  let told = 0;
  const words = { startDate: "start_date", again: "Reset the stream", many };
  const warning = startWarning(start, words);
  if (warning !== undefined) log("WARN", warning);
  return (event) => {
    switch (event.kind) {
      case "window":
        return log("INFO", windowText(event, many));
      case "estimate":
        estimate = event.rows;
        return void messages.estimate(estimate);
      case "reread":
        return log("INFO", `${spanText(event.span)} is read again: ${event.why}`);
      case "skipped":
        return log("WARN", skippedWarning(event, words));
      case "warning":
        return log("WARN", event.text);
      case "progress": {
        if (event.rows - told < ROWS_A_LINE && event.reached < event.windowEnd) return;
        told = event.rows;
        const seconds = ((monotonicNow() - begun) / 1000).toFixed(1);
        const of = estimate > told ? ` of about ${estimate}` : "";
        const reached = instantText(Math.min(event.reached, event.windowEnd));
        return log("INFO", `read up to ${reached}: ${told}${of} ${many}, ${seconds} s`);
      }
    }
  };
}

function windowText({ from, to, reached }: Extract<Event, { kind: "window" }>, many: string): string {
  const text = `reading ${many} of ${spanText({ start: from, end: to })}`;
  if (reached === undefined || reached <= from) return text;
  const again = spanText({ start: from, end: Math.min(reached, to) });
  return `${text}; those of ${again} again, to send what has changed`;
}
