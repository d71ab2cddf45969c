import { openStream, type PartitionStart, type StreamParts } from "../streams/read-stream.ts";
import { partitionName } from "../streams/stream.ts";
import type { Event } from "../sync/page.ts";
import { instantText, spanText } from "../sync/problems.ts";
import type { Receipt } from "../sync/receipt.ts";

/** A record as it is kept. */
export interface ExportedRecord {
  /** The same for the same primary key. */
  readonly id: string;
  /** Its data as JSON text. */
  readonly json: string;
  /** Unix ms; undefined where it can't be read. */
  readonly start: number | undefined;
}

/** What a person may want to know while a stream is read; warnings are sentences in words of the command line. */
export type ReadEvent = Exclude<Event, { kind: "skipped" }>;

/** Where a stream's records go. */
export interface ReadOutput {
  records(batch: readonly ExportedRecord[]): Promise<void>;
  checkpoint(state: object): Promise<void>;
  report(event: ReadEvent): void;
  /** Is added to, also where reading fails. */
  readonly receipt: Receipt;
}

/**
 * Reads a stream to its end.
 * @throws ConnectorError state_invalid and what reading fails with, or Cancelled
 */
export async function readInto(
  parts: StreamParts,
  { records, checkpoint, report, receipt }: ReadOutput,
): Promise<void> {
  let name = "";
  await openStream(parts)({
    records: (batch) => records(batch.map(({ key, json, start }) => ({ id: `${name} ${key}`, json, start }))),
    checkpoint,
    receipt,
    begin(start) {
      name = partitionName(start.partition);
      for (const text of warnings(start)) report({ kind: "warning", text });
      return (event) =>
        report(event.kind === "skipped" ? { kind: "warning", text: skippedText(event) } : event);
    },
  });
}

function skippedText({ span }: Extract<Event, { kind: "skipped" }>): string {
  return `The start date has moved: sessions of ${spanText(span)} are not read. Set it back and run with --full to bring them.`;
}

/** What a person should know before one of a stream's partitions is read. */
function warnings({ cursor, bounds }: PartitionStart): readonly string[] {
  if (bounds.startDate > bounds.now) {
    return [
      `The start date lies in the future (${instantText(bounds.startDate)}): nothing is read until then.`,
    ];
  }
  if (cursor === undefined) return [];
  if (cursor.timestamp > bounds.now * 1000) {
    return [
      `By this machine's clock, the last export reached into the future (${instantText(cursor.timestamp / 1000)}): nothing is read until then.`,
    ];
  }
  if (cursor.since === undefined || bounds.startDate >= cursor.since) return [];
  return [
    `The first export began at ${instantText(cursor.since)}: earlier sessions are not read. Run with --full to bring them too.`,
  ];
}
