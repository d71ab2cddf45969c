import { configError } from "../errors.ts";

/** The forms that sessions can be exported in, by the ending of the path. */
export type Form = "duckdb" | "parquet" | "csv" | "ndjson" | "pipe";

/** Where an export goes. */
export interface Target {
  readonly form: Form;
  /** Path of a stream's file; undefined for a pipe. */
  readonly fileOf: (stream: string) => string | undefined;
}

/**
 * Reads what was given as --to.
 * @param streams names of all that are exported
 * @throws ConnectorError usage
 */
export function parseTarget(to: string, streams: readonly string[]): Target {
  if (to === "-") {
    if (streams.length > 1) {
      const sentence = `A pipe takes one stream, and there are ${streams.length}: ${streams.join(", ")}. Name one with --stream.`;
      throw configError("usage", sentence);
    }
    return { form: "pipe", fileOf: () => undefined };
  }
  const [, base = "", ending = ""] = /^(.*[^/\\])\.(\w+)$/s.exec(to) ?? [];
  const form = ending.toLowerCase();
  if (form !== "duckdb" && form !== "parquet" && form !== "csv" && form !== "ndjson") {
    const sentence = `--to ${to}: the path must end in .duckdb, .parquet, .csv or .ndjson, or be - for stdout.`;
    throw configError("usage", sentence);
  }
  const one = form === "duckdb" || streams.length === 1;
  return { form, fileOf: (stream) => (one ? to : `${base}.${stream}.${ending}`) };
}
