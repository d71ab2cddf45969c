import type { Partition } from "../streams/stream.ts";
import type { Cursor } from "../sync/cursor.ts";
import type { Event } from "../sync/output.ts";
import type { Bounds } from "../sync/window.ts";
import type { StreamMessages } from "./stream-messages.ts";

/** A line at the earliest after so many sessions, so that many small slices make few lines. */
const ROWS_A_LINE = 1000;

/** Turns what happens while a set is read into LOG lines and an ESTIMATE. */
export interface ProgressLog {
  start(cursor: Cursor | undefined, bounds: Bounds): void;
  report(event: Event): void;
}

/** @param partition names the set where the stream has several */
export function createProgressLog(
  messages: StreamMessages,
  partition: Partition,
  monotonicNow: () => number,
): ProgressLog {
  const name = partition.partition === undefined ? "" : `${Object.values(partition.partition).join(", ")}: `;
  const log = (level: "INFO" | "WARN", text: string) => void messages.log(level, name + text);
  const begun = monotonicNow();
  let estimate = 0;
  let counted = 0;
  let told = 0;
  let torn = 0;
  return {
    start(cursor, bounds) {
      for (const warning of warnings(cursor, bounds)) log("WARN", warning);
    },
    report(event) {
      switch (event.kind) {
        case "window":
          log("INFO", windowText(event));
          return;
        case "estimate":
          estimate = counted + event.rows;
          void messages.estimate(estimate);
          return;
        case "torn":
          // One line a power of two: the set may move thousands of times.
          torn += 1;
          if (Number.isInteger(Math.log2(torn))) {
            log(
              "INFO",
              `${spanText(event.slice)} is read again in smaller slices: ${event.why} (${torn} so far)`,
            );
          }
          return;
        case "slice": {
          counted += event.counted;
          if (counted - told < ROWS_A_LINE && event.slice.end < event.windowEnd) return;
          told = counted;
          const seconds = ((monotonicNow() - begun) / 1000).toFixed(1);
          const of = estimate > counted ? ` of about ${estimate}` : "";
          log("INFO", `read up to ${isoText(event.slice.end)}: ${counted}${of} sessions, ${seconds} s`);
        }
      }
    },
  };
}

function windowText({ from, to, reached }: Extract<Event, { kind: "window" }>): string {
  if (reached === undefined || reached <= from)
    return `reading sessions of ${spanText({ start: from, end: to })}`;
  const again = spanText({ start: from, end: Math.min(reached, to) });
  return `reading sessions of ${spanText({ start: from, end: to })}; those of ${again} again, to send what has changed`;
}

function warnings(cursor: Cursor | undefined, { startDate, now }: Bounds): readonly string[] {
  if (cursor === undefined) return [];
  if (cursor.timestamp > now * 1000) {
    return [
      `the state's cursor lies in the future (${cursor.timestamp} ms): nothing is read until then. Reset the stream if that is not meant`,
    ];
  }
  if (cursor.since === undefined || startDate >= cursor.since) return [];
  const missing = spanText({ start: startDate, end: cursor.since });
  return [
    `start_date is earlier than when this connection began; sessions of ${missing} are not read. Reset the stream to bring them`,
  ];
}

function spanText({ start, end }: { readonly start: number; readonly end: number }): string {
  return `${isoText(start)} to ${isoText(end)}`;
}

/** @param seconds Unix s; out of a state it may be any number */
function isoText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString().replace(".000Z", "Z");
}
