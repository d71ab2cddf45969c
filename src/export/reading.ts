import type { Client } from "../browsee/client.ts";
import { openStream, type SetStart, type StreamParts } from "../streams/read-stream.ts";
import type { Event } from "../sync/output.ts";

/** A session as it is written. */
export interface OutputRecord {
  /** Column to value. */
  readonly data: Readonly<Record<string, unknown>>;
  /** data as JSON. */
  readonly json: string;
}

/** What a person may want to know while a stream is read. Times are Unix s. */
export type ReadEvent =
  | {
      readonly kind: "window";
      readonly from: number;
      readonly to: number;
      readonly reached: number | undefined;
    }
  /** What the API counts in the window. */
  | { readonly kind: "estimate"; readonly rows: number }
  /** `sessions`: distinct ones that came since the window began. */
  | {
      readonly kind: "progress";
      readonly sessions: number;
      readonly reached: number;
      readonly windowEnd: number;
    }
  | {
      readonly kind: "reread";
      readonly span: { readonly start: number; readonly end: number };
      readonly why: string;
    }
  | { readonly kind: "warning"; readonly text: string };

/** Where a stream's sessions go. */
export interface ReadOutput {
  records(batch: readonly OutputRecord[]): Promise<void>;
  checkpoint(state: object): Promise<void>;
  report(event: ReadEvent): void;
}

/**
 * Reads a stream to its end.
 * @throws ConnectorError state_invalid and what reading fails with, or Stopped
 */
export async function readInto(
  parts: StreamParts,
  { records, checkpoint, report }: ReadOutput,
): Promise<void> {
  let follower = createFollower(report);
  const client: Client = {
    requests: parts.client.requests,
    async page(what, query, signal) {
      const page = await parts.client.page(what, query, signal);
      follower.counted(query.end, page.total);
      return page;
    },
  };
  await openStream({ ...parts, client })((start) => {
    follower = createFollower(report);
    for (const text of warnings(start)) report({ kind: "warning", text });
    return {
      async records(batch) {
        await records(batch.map(({ data, json }) => ({ data, json: wellFormed(json) })));
        follower.written(batch.length);
      },
      checkpoint,
      report: follower.follow,
    };
  });
}

/** Behind a backslash that is not itself escaped: both halves of a pair, or one alone. */
const HALVES = /(?<=(?:^|[^\\])(?:\\\\)*)\\u(?:(d[89ab][0-9a-f]{2}\\ud[c-f])|d[89a-f])[0-9a-f]{2}/gi;

/** Half of a pair of UTF-16 surrogates is no character: DuckDB refuses it, so it becomes U+FFFD. */
function wellFormed(json: string): string {
  if (!json.includes("\\u")) return json;
  return json.replace(HALVES, (letter, pair: string | undefined) =>
    pair === undefined ? "\\ufffd" : letter,
  );
}

/** Turns what today's engine tells of one set into what is told here. */
function createFollower(report: ReadOutput["report"]) {
  let window = { from: 0, to: 0 };
  let reached = 0;
  let counted = 0;
  let open = 0;
  const progress = () =>
    report({ kind: "progress", sessions: counted + open, reached, windowEnd: window.to });
  return {
    written(sessions: number) {
      open += sessions;
      progress();
    },
    /** Small sets are read in one go: a page that reaches to the end has counted all that is left. */
    counted(end: number, rows: number | undefined) {
      if (rows !== undefined && end >= window.to) report({ kind: "estimate", rows: counted + rows });
    },
    follow(event: Event) {
      if (event.kind === "window") {
        window = event;
        reached = event.from;
        report(event);
      } else if (event.kind === "estimate") report({ kind: "estimate", rows: counted + event.rows });
      else if (event.kind === "torn") {
        open = 0;
        report({ kind: "reread", span: event.slice, why: event.why });
      } else {
        counted += event.counted;
        open = 0;
        reached = event.slice.end;
        progress();
      }
    },
  };
}

/** What a person should know before one of a stream's sets is read. */
function warnings({ cursor, bounds }: SetStart): readonly string[] {
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
