import { openStream, type StreamParts } from "../streams/read-stream.ts";
import { partitionName } from "../streams/stream.ts";
import { skippedWarning, startWarning } from "../streams/warnings.ts";
import type { Event } from "../sync/page.ts";
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
  /** A partition is about to be read. @param to Unix s: where reading it will end */
  begin(to: number): void;
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
  { begin, records, checkpoint, report, receipt }: ReadOutput,
): Promise<void> {
  const { noun } = parts.definition;
  const words = { startDate: "The start date", again: "Run with --full", many: noun.many };
  const warn = (text: string) => report({ kind: "warning", text: `${text}.` });
  let name = "";
  await openStream(parts)({
    records: (batch) => records(batch.map(({ key, json, start }) => ({ id: `${name} ${key}`, json, start }))),
    checkpoint,
    receipt,
    begin(start) {
      const { now, endDate = now } = start.bounds;
      begin(Math.min(now, endDate));
      name = partitionName(start.partition);
      const warning = startWarning(start, words);
      if (warning !== undefined) warn(warning);
      return (event) => (event.kind === "skipped" ? warn(skippedWarning(event, words)) : report(event));
    },
  });
}
