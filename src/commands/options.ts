import type { InferredOptionType, Options } from "yargs";

const flag = (describe: string) => ({ type: "boolean", describe }) as const;
const text = { type: "string", requiresArg: true } as const;
const list = { ...text, array: true } as const;
const config = {
  ...text,
  describe: "configuration file; without it, keys come from the environment",
} as const;
const quiet = flag("say nothing but errors");

/** The options of each command. */
export const OPTIONS = {
  export: {
    to: {
      ...text,
      demandOption: true,
      describe: "file that ends in .duckdb, .parquet, .csv, .ndjson or .jsonl, or - for stdout",
    },
    config,
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
    full: flag("read everything again; what is there stays until then"),
    "dry-run": flag("only tell how much would be asked for"),
    "escape-formulas": flag("have no text in a .csv file that a spreadsheet takes for a formula"),
    quiet,
    json: flag("print a summary as JSON"),
    "api-url": { ...text, hidden: true },
  },
  verify: {
    config,
    repair: flag("write the sessions that are missing in the copy"),
    prune: flag("delete the sessions that Browsee no longer has"),
    quiet,
    json: flag("print the verdict as JSON"),
  },
  check: { config },
  discover: { config },
  read: {
    config,
    catalog: { ...text, demandOption: true, describe: "configured catalog, as Airbyte writes it" },
    state: { ...text, describe: "state that the last read ended with; without it, everything is read" },
  },
  spec: {},
} as const;

type CamelCase<S> = S extends `${infer A}-${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : S;

/** What a command is given, by its options' names in camel case. */
type Given<O extends Readonly<Record<string, Options>>> = {
  readonly [K in keyof O as CamelCase<K>]?: InferredOptionType<O[K]>;
};

/** The command line of `export`. */
export type ExportArguments = Given<typeof OPTIONS.export> & { readonly to: string };

/** The command line of `verify`. */
export interface VerifyArguments extends Given<typeof OPTIONS.verify> {
  /** Of the store, or of a file made from it. */
  readonly path: string;
}

/** The files that `read` is given. */
export type ReadArguments = Given<typeof OPTIONS.read> & { readonly catalog: string };
