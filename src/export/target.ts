import { configError } from "../errors.ts";
import { isShowable } from "../redact.ts";

const FILE_FORMS = ["duckdb", "parquet", "csv", "ndjson"] as const;

/** The forms that sessions are exported in. */
export type Form = (typeof FILE_FORMS)[number] | "pipe";

/** A path in front of its ending, and the ending. */
const NAME = /^(.*[^/\\])\.(\w+)$/s;

/** The form that a file has by its ending; undefined for another ending. */
export function formOf(path: string): Exclude<Form, "pipe"> | undefined {
  const ending = NAME.exec(path)?.[2]?.toLowerCase();
  return FILE_FORMS.find((form) => form === (ending === "jsonl" ? "ndjson" : ending));
}

/** Where an export goes. */
export interface Target {
  readonly form: Form;
  /** Path of the database as it was given, or of the one that stands beside another form; "" for a pipe. */
  readonly store: string;
  /** Paths of the files that are made from the database, by stream. */
  readonly copies: ReadonlyMap<string, string>;
}

/**
 * Reads what was given as --to.
 * @param streams names of all that are exported
 * @throws ConnectorError usage
 */
export function parseTarget(to: string, streams: readonly string[]): Target {
  if (to === "-") {
    if (streams.length === 1) return { form: "pipe", store: "", copies: new Map() };
    const sentence = `A pipe takes one stream, and there are ${streams.length}: ${streams.join(", ")}. Name one with --stream.`;
    throw configError("usage", sentence);
  }
  const form = formOf(to);
  if (form === undefined) {
    const sentence = `--to ${isShowable(to) ? to : "…"}: the path must end in .duckdb, .parquet, .csv, .ndjson or .jsonl, or be - for stdout.`;
    throw configError("usage", sentence);
  }
  if (form === "duckdb") return { form, store: to, copies: new Map() };
  const fileOf = (stream: string) => (streams.length === 1 ? to : to.replace(NAME, `$1.${stream}.$2`));
  return { form, store: `${to}.duckdb`, copies: new Map(streams.map((name) => [name, fileOf(name)])) };
}
