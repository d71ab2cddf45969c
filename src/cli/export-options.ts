import type { Argv } from "yargs";

const KEYS =
  "Keys: BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment, or a file that --config names.";

const text = { type: "string", requiresArg: true } as const;
const list = { type: "string", array: true, requiresArg: true } as const;

const OPTIONS = {
  to: {
    ...text,
    demandOption: true,
    describe: "file that ends in .duckdb, .parquet, .csv, .ndjson or .jsonl, or - for stdout",
  },
  config: { ...text, describe: "configuration file; without it, keys come from the environment" },
  stream: { ...list, describe: "streams to export", defaultDescription: "all" },
  select: { ...list, describe: "fields, with commas between", defaultDescription: "all" },
  "start-date": {
    ...text,
    describe: "first day, as 2024-01-31, yesterday or 30d (30 days ago)",
    defaultDescription: "2015-01-01",
  },
  "end-date": { ...text, describe: "day after the last one", defaultDescription: "now" },
  segment: { ...list, describe: "IDs of segments, for the stream segment_sessions" },
  "lookback-hours": {
    type: "number",
    requiresArg: true,
    describe: "how far back changes are looked for",
    defaultDescription: "24",
  },
  full: { type: "boolean", describe: "read everything again; what is there stays until then" },
  "dry-run": { type: "boolean", describe: "only tell how much would be asked for" },
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

/** Options of `export`. @param program how it was called */
export function exportOptions(parser: Argv, program: string) {
  return parser
    .usage(
      `Brings sessions into a file, and what is new at each run after the first.\n\n  ${program} export --to FILE`,
    )
    .options(OPTIONS)
    .epilogue(
      examples(program, {
        "export --to sessions.duckdb": "all sessions, as a table; run again, it brings what is new",
        "export --to week.csv --start-date 7d": "those of the last seven days",
        "export --to - --select country,city | head": "as JSON, a line each",
      }),
    );
}

/** What stands below the options: command lines to copy, with what they do, and where keys come from. @param lines by what stands behind the program's name */
export function examples(program: string, lines: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(lines).map(([line, what]) => `  ${program} ${line}\n      ${what}`);
  return ["Examples", ...pairs, "", KEYS].join("\n");
}
