import yargs, { type Argv } from "yargs";
import type { Context, ExitCode } from "./commands/context.ts";
import { configError } from "./errors.ts";

type Run = (context: Context) => Promise<ExitCode>;

/**
 * The command line, as a table of commands.
 * @param args without node and the program's path
 * @param version of the program
 * @param help takes the help text, for a person
 * @returns the command to run; undefined where help was all that was asked for
 * @throws ConnectorError usage
 */
export async function parseCommandLine(
  args: readonly string[],
  version: string,
  help: (text: string) => void,
): Promise<Run | undefined> {
  let run: Run | undefined;
  const choose = (chosen: Run) => {
    run = chosen;
  };
  const parser = table(yargs([...args]), choose)
    .scriptName("source-browsee")
    .locale("en")
    .version(version)
    .exitProcess(false)
    .demandCommand(1, "Name a command: spec, check, discover, read or export.")
    .strictCommands()
    .fail((message, error) => {
      const what = message || error?.message || "The command line can't be read.";
      throw configError("usage", `${what} (source-browsee --help shows the commands)`);
    });
  await parser.parseAsync([...args], {}, (_error, _argv, text) => {
    if (text !== "") help(text);
  });
  return run;
}

function table(parser: Argv, choose: (run: Run) => void): Argv {
  const config = {
    type: "string",
    demandOption: true,
    requiresArg: true,
    describe: "configuration file",
  } as const;
  const catalog = {
    type: "string",
    demandOption: true,
    requiresArg: true,
    describe: "configured catalog file",
  } as const;
  const state = { type: "string", requiresArg: true, describe: "state file" } as const;
  return parser
    .command("spec", "print what the configuration looks like", {}, () =>
      choose(async (context) => (await import("./commands/spec.ts")).runSpec(context)),
    )
    .command("check", "try the keys", { config }, (argv) =>
      choose(async (context) => (await import("./commands/check.ts")).runCheck(context, argv.config)),
    )
    .command("discover", "print the streams and their columns", { config }, (argv) =>
      choose(async (context) => (await import("./commands/discover.ts")).runDiscover(context, argv.config)),
    )
    .command("read", "read sessions", { config, catalog, state }, (argv) =>
      choose(async (context) => (await import("./commands/read.ts")).runRead(context, argv)),
    )
    .command("export", "bring sessions into a file, and keep it up to date", exportOptions, (argv) => {
      choose(async (context) => (await import("./commands/export.ts")).runExport(context, argv));
    });
}

function exportOptions(parser: Argv) {
  const text = { type: "string", requiresArg: true } as const;
  const list = { type: "string", array: true, requiresArg: true } as const;
  return parser
    .options({
      to: {
        ...text,
        demandOption: true,
        describe: ".duckdb, .parquet, .csv or .ndjson file, or - for stdout",
      },
      config: { ...text, describe: "configuration file; without it, keys come from the environment" },
      stream: { ...list, describe: "streams to export (default: all)" },
      select: { ...list, describe: "fields to export, with commas between (default: all)" },
      "start-date": { ...text, describe: "first day, e.g. 2024-01-31 or 30d (30 days ago)" },
      "end-date": { ...text, describe: "day after the last one" },
      segment: { ...list, describe: "IDs of segments, for the stream segment_sessions" },
      "lookback-hours": {
        type: "number",
        requiresArg: true,
        describe: "how far back changes are looked for",
      },
      full: { type: "boolean", describe: "start over" },
      quiet: { type: "boolean", describe: "say nothing but errors" },
      json: { type: "boolean", describe: "print a summary as JSON" },
      "api-url": { ...text, hidden: true },
    })
    .strictOptions()
    .epilogue(
      "Keys: in the configuration file, or BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment.",
    );
}
