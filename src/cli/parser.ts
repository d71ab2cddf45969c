import yargs, { type Argv } from "yargs";
import { configError } from "../errors.ts";
import { exportOptions } from "./export-options.ts";
import { type InputFiles, type PlatformCommand, platformCommands, type Run } from "./platform-commands.ts";

const DESCRIPTIONS = {
  config: "configuration file",
  catalog: "configured catalog file",
  state: "state file",
} as const satisfies Record<keyof InputFiles, string>;

/**
 * Reads any command line, and answers those that ask for help.
 * @param args without node and the program's path
 * @param version of the program
 * @param help takes the help text, for a person
 * @returns the command to run; undefined where help was all that was asked for
 * @throws ConnectorError usage
 */
export async function parseArguments(
  args: readonly string[],
  version: string,
  help: (text: string) => void,
): Promise<Run | undefined> {
  let run: Run | undefined;
  const choose = (chosen: Run) => {
    run = chosen;
  };
  const parser = withCommands(yargs([...args]), choose)
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

function withCommands(parser: Argv, choose: (run: Run) => void): Argv {
  for (const [name, command] of platformCommands) {
    parser.command(name, command.describe, fileOptions(command), ({ config, catalog, state }) => {
      const files = { config: text(config) ?? "", catalog: text(catalog) ?? "", state: text(state) };
      choose((context) => command.run(context, files));
    });
  }
  return parser.command(
    "export",
    "bring sessions into a file, and keep it up to date",
    exportOptions,
    (argv) => {
      choose(async (context) => (await import("../commands/export.ts")).runExport(context, argv));
    },
  );
}

function fileOptions({ required, optional }: PlatformCommand) {
  const option = (name: keyof InputFiles, demandOption: boolean) =>
    [name, { type: "string", requiresArg: true, demandOption, describe: DESCRIPTIONS[name] }] as const;
  return Object.fromEntries([
    ...required.map((name) => option(name, true)),
    ...optional.map((name) => option(name, false)),
  ]);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
