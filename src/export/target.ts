import { configError } from "../errors.ts";
import { isShowable } from "../redact.ts";

const COPY_FORMS = ["parquet", "csv", "ndjson"] as const;

/** The forms of files that are made from a database. */
export type CopyForm = (typeof COPY_FORMS)[number];

/** A path in front of its ending, and the ending. */
const NAME = /^(.*[^/\\])\.(\w+)$/s;

/** The form that a file has by its ending; undefined for another ending. */
export function formOf(path: string): CopyForm | "duckdb" | undefined {
  const ending = NAME.exec(path)?.[2]?.toLowerCase();
  if (ending === "duckdb") return ending;
  return COPY_FORMS.find((form) => form === (ending === "jsonl" ? "ndjson" : ending));
}

/** A file that is made from a database. */
export interface CopyFile {
  readonly form: CopyForm;
  /** Its path as it was given, and as messages name it. */
  readonly called: string;
}

/** Where an export goes. */
export interface Target {
  readonly form: CopyForm | "duckdb";
  /** As it was given. */
  readonly to: string;
  /** Path of the database. */
  readonly store: string;
  /** The files that are made from the database, by stream. */
  readonly copies: ReadonlyMap<string, CopyFile>;
}

/**
 * Reads what was given as --to.
 * @param streams names of all that are exported
 * @returns undefined for a pipe
 * @throws ConnectorError usage
 */
export function parseTarget(to: string, streams: readonly string[]): Target | undefined {
  if (to === "-") {
    if (streams.length === 1) return undefined;
    const sentence = `A pipe takes one stream, and there are ${streams.length}: ${streams.join(", ")}. Name one with --stream.`;
    throw configError("usage", sentence);
  }
  const form = formOf(to);
  if (form === undefined) {
    const sentence = `--to ${isShowable(to) ? to : "…"}: the path must end in .duckdb, .parquet, .csv, .ndjson or .jsonl, or be - for stdout.`;
    throw configError("usage", sentence);
  }
  if (form === "duckdb") return { form, to, store: to, copies: new Map() };
  const fileOf = (stream: string) => (streams.length === 1 ? to : to.replace(NAME, `$1.${stream}.$2`));
  const copies = new Map(streams.map((stream) => [stream, { form, called: fileOf(stream) }]));
  return { form, to, store: `${to}.duckdb`, copies };
}
