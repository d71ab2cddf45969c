import type { SetStart } from "../streams/read-stream.ts";

/** What a person should know before one of a stream's sets is read. */
export function startNotes({ cursor, bounds }: SetStart): readonly string[] {
  if (cursor === undefined) return [];
  if (cursor.timestamp > bounds.now * 1000) {
    return [
      `By this machine's clock, the last export reached into the future (${isoText(cursor.timestamp / 1000)}): nothing is read until then.`,
    ];
  }
  if (cursor.since === undefined || bounds.startDate >= cursor.since) return [];
  return [
    `The first export began at ${isoText(cursor.since)}: earlier sessions are not read. Run with --full to bring them too.`,
  ];
}

/** @param seconds Unix s */
function isoText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
