import yargs, { type Argv, type Options } from "yargs";
import type { Context, ExitCode } from "../commands/context.ts";
import { ConnectorError } from "../errors.ts";
import { EXPORT_OPTIONS, examples, exportOptions } from "./export-options.ts";
import { refuseEmpty, refuseTwice, usageError } from "./usage-error.ts";
import { VERIFY_OPTIONS, verifyOptions } from "./verify-options.ts";

/** What a command line asks for. */
export interface Invocation {
  /** Whether the command talks to a person, and not to Airbyte's platform. */
  readonly forPeople: boolean;
  /** Does it. What a command needs is loaded when it runs. @throws ConnectorError, e.g. usage */
  readonly run: (context: Context) => Promise<ExitCode>;
}

/** Commands that talk to a person. */
const FOR_PEOPLE: readonly string[] = ["export", "verify"];

const ALWAYS = ["help", "version"];
/** Names of each command's options. */
const OPTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["export", [...EXPORT_OPTIONS, ...ALWAYS]],
  ["verify", [...VERIFY_OPTIONS, ...ALWAYS]],
  ["check", ["config", ...ALWAYS]],
  ["discover", ["config", ...ALWAYS]],
  ["read", ["config", "catalog", "state", ...ALWAYS]],
  ["spec", ALWAYS],
]);

/**
 * Reads a command line; a wrong one becomes an invocation that fails with usage.
 * @param args without node and the program's path
 * @param program how it was called
 * @param version of the program
 */
export async function parseCommandLine(
  args: readonly string[],
  program: string,
  version: string,
): Promise<Invocation> {
  let run: Invocation["run"] = async () => 0;
  let words: readonly string[] = [];
  const commands = [...OPTIONS.keys()];
  const command = args.find((arg) => OPTIONS.has(arg));
  const parser = withCommands(yargs([...args]), program, (chosen) => {
    run = chosen;
  })
    .scriptName(program)
    .locale("en")
    .parserConfiguration({ "boolean-negation": false })
    .updateStrings({ "Commands:": "Commands", "Options:": "Options" })
    .version(version)
    .describe({ help: "show this, or the options of a command", version: "show the version" })
    .exitProcess(false)
    .middleware(({ _ }) => {
      words = _.map(String);
      refuseEmpty(args);
      refuseTwice(args);
    }, true)
    .demandCommand(1)
    .strict()
    .fail((message, error) => {
      const options = OPTIONS.get(command ?? "") ?? [];
      if (error instanceof ConnectorError) throw error;
      throw usageError(message ?? error?.message ?? "", { program, args, commands, command, options, words });
    });
  try {
    await parser.parseAsync([...args], {}, (_error, _argv, help) => {
      if (help !== "") run = ({ out }) => out.write([help]).then(() => 0);
    });
  } catch (error) {
    run = () => Promise.reject(error);
  }
  return { forPeople: FOR_PEOPLE.includes(command ?? ""), run };
}

/** @param choose takes what the command that was named does */
function withCommands(parser: Argv, program: string, choose: (run: Invocation["run"]) => void): Argv {
  const config = file("configuration file; without it, keys come from the environment");
  const catalog = { ...file("configured catalog, as Airbyte writes it"), demandOption: true } as const;
  const state = file("state that the last read ended with; without it, everything is read");
  return (
    parser
      .usage(
        `Brings the sessions that Browsee has recorded into a file of yours, or into Airbyte.\n\n  ${program} COMMAND`,
      )
      .command(
        "export",
        "bring sessions into a file, and keep it up to date",
        (at) => exportOptions(at, program),
        (argv) => choose(async (context) => (await import("../commands/export.ts")).runExport(context, argv)),
      )
      .command(
        "verify <path>",
        "hold a copy against Browsee, and mend it",
        (at) => verifyOptions(at, program),
        (argv) => choose(async (context) => (await import("../commands/verify.ts")).runVerify(context, argv)),
      )
      .command("check", "try the keys", { config }, (argv) =>
        choose(async (context) => (await import("../commands/check.ts")).runCheck(context, argv.config)),
      )
      .command("discover", "for Airbyte: print the streams and their columns", { config }, (argv) =>
        choose(async (context) =>
          (await import("../commands/discover.ts")).runDiscover(context, argv.config),
        ),
      )
      .command("read", "for Airbyte: print sessions as messages", { config, catalog, state }, (argv) =>
        choose(async (context) => (await import("../commands/read.ts")).runRead(context, argv)),
      )
      // Airbyte's own tests give it the options of other commands.
      .command(
        "spec",
        "for Airbyte: print what a configuration looks like",
        (its) => its.strict(false).strictCommands(),
        () => choose(async (context) => (await import("../commands/spec.ts")).runSpec(context)),
      )
      .epilogue(
        examples(program, {
          check: "try the keys",
          "export --to sessions.duckdb": "all sessions; run again, it brings what is new",
          "export --help": "formats, dates, columns",
        }),
      )
  );
}

function file(describe: string) {
  return { type: "string", requiresArg: true, describe } as const satisfies Options;
}
