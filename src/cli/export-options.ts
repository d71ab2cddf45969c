import type { Argv } from "yargs";

const text = { type: "string", requiresArg: true } as const;
const list = { type: "string", array: true, requiresArg: true } as const;

const OPTIONS = {
  to: {
    ...text,
    demandOption: true,
    describe: ".duckdb, .parquet, .csv, .ndjson or .jsonl file, or - for stdout",
  },
  config: { ...text, describe: "configuration file; without it, keys come from the environment" },
  stream: { ...list, describe: "streams to export (default: all)" },
  select: { ...list, describe: "fields to export, with commas between (default: all)" },
  "start-date": { ...text, describe: "first day, e.g. 2024-01-31, yesterday or 30d (30 days ago)" },
  "end-date": { ...text, describe: "day after the last one" },
  segment: { ...list, describe: "IDs of segments, for the stream segment_sessions" },
  "lookback-hours": { type: "number", requiresArg: true, describe: "how far back changes are looked for" },
  full: { type: "boolean", describe: "read everything again; what is there stays until then" },
  "escape-formulas": {
    type: "boolean",
    describe: "have no text in a .csv file that a spreadsheet takes for a formula",
  },
  quiet: { type: "boolean", describe: "say nothing but errors" },
  json: { type: "boolean", describe: "print a summary as JSON" },
  "api-url": { ...text, hidden: true },
} as const;

/** Names of the options of `export`. */
export const EXPORT_OPTIONS: readonly string[] = Object.keys(OPTIONS);

/** Options that take several values, and may be given several times. */
export const LIST_OPTIONS: readonly string[] = ["stream", "select", "segment"];

/** Options of `export`. */
export function exportOptions(parser: Argv) {
  return parser
    .options(OPTIONS)
    .strictOptions()
    .epilogue(
      "Keys: in the configuration file, or BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment.",
    );
}
