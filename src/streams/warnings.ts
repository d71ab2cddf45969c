import type { Event } from "../sync/page.ts";
import { instantText, spanText } from "../sync/problems.ts";
import type { PartitionStart } from "./read-stream.ts";

/** How whoever reads calls things: Airbyte has a form and a connection, the command line has flags. */
interface Wording {
  readonly startDate: string;
  /** What brings everything anew, to begin a sentence with. */
  readonly again: string;
  /** What the stream's records are called. */
  readonly many: string;
}

/** That the start date has yet to come. @param called the date's name @param startDate Unix s */
export function futureWarning(called: string, startDate: number): string {
  return `${called} lies in the future (${instantText(startDate)}): nothing is read until then`;
}

/** What a person should know before a partition is read; undefined where there is nothing. */
export function startWarning(
  { cursor, bounds }: PartitionStart,
  { startDate, again, many }: Wording,
): string | undefined {
  if (bounds.startDate > bounds.now) return futureWarning(startDate, bounds.startDate);
  if (cursor === undefined) return undefined;
  if (cursor.timestamp > bounds.now * 1000) {
    const reached = instantText(cursor.timestamp / 1000);
    return `By this machine's clock, the last sync reached into the future (${reached}): nothing is read until then. ${again} if that is not meant`;
  }
  if (cursor.since === undefined || bounds.startDate >= cursor.since) return undefined;
  const missing = spanText({ start: bounds.startDate, end: cursor.since });
  return `${startDate} is earlier than that of the first sync: ${many} of ${missing} are not read. ${again} to bring them`;
}

/** What a person should know of time that is passed over. */
export function skippedWarning(
  { span }: Extract<Event, { kind: "skipped" }>,
  { startDate, again, many }: Wording,
): string {
  return `${startDate} has moved: ${many} of ${spanText(span)} are not read. Set it back. ${again} to bring them`;
}
