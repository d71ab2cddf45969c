import { openAppendSink } from "./append-sink.ts";
import { openDuckdbSink } from "./duckdb-sink.ts";
import { fileTrouble } from "./file-trouble.ts";
import type { Form } from "./form.ts";
import { csv, ndjson } from "./line-form.ts";
import { openParquetSink } from "./parquet-sink.ts";
import type { Sink } from "./sink.ts";
import type { SinkOptions } from "./sink-options.ts";

/**
 * Opens what a stream is exported to; all that it throws, then and later, is a sentence about the file.
 * @param now Unix ms
 */
export async function openSink(
  form: Exclude<Form, "pipe">,
  options: SinkOptions,
  now: () => number,
): Promise<Sink> {
  const translated = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw fileTrouble(error, options.path);
    }
  };
  const sink = await translated(() => open(form, options, now));
  return {
    ...sink,
    write: (batch) => translated(() => sink.write(batch)),
    commit: (state) => translated(() => sink.commit(state)),
    finish: () => translated(sink.finish),
    holdings: () => translated(sink.holdings),
    close: () => translated(sink.close),
  };
}

function open(form: Exclude<Form, "pipe">, options: SinkOptions, now: () => number): Promise<Sink> {
  switch (form) {
    case "duckdb":
      return openDuckdbSink(options, now);
    case "parquet":
      return openParquetSink(options, now);
    case "csv":
      return openAppendSink(options, csv);
    case "ndjson":
      return openAppendSink(options, ndjson);
  }
}
