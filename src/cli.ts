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
    .demandCommand(1, "Name a command: spec, check, discover or read.")
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
    );
}
