import yargs, { type Argv } from "yargs";
import type { Context, ExitCode } from "../commands/context.ts";
import { OPTIONS } from "../commands/options.ts";
import { ConnectorError } from "../errors.ts";
import { COMMANDS, refuseEmpty, refuseTwice, usageError } from "./usage-error.ts";

/** What a command line asks for. */
interface Invocation {
  /** Whether the command talks to a person, and not to Airbyte's platform. */
  readonly forPeople: boolean;
  /** Does it. What a command needs is loaded when it runs. @throws ConnectorError, e.g. usage */
  readonly run: (context: Context) => Promise<ExitCode>;
}

/** Commands that talk to a person. */
const FOR_PEOPLE: readonly string[] = ["export", "verify"];

const KEYS =
  "Keys: BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment, or a file that --config names.";

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
  const command = args.find((arg) => COMMANDS.includes(arg));
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
      if (error instanceof ConnectorError) throw error;
      throw usageError(message ?? error?.message ?? "", { program, args, command, words });
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
      .command("check", "try the keys", OPTIONS.check, (argv) =>
        choose(async (context) => (await import("../commands/check.ts")).runCheck(context, argv.config)),
      )
      .command("discover", "for Airbyte: print the streams and their columns", OPTIONS.discover, (argv) =>
        choose(async (context) =>
          (await import("../commands/discover.ts")).runDiscover(context, argv.config),
        ),
      )
      .command("read", "for Airbyte: print sessions as messages", OPTIONS.read, (argv) =>
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

/** Options of `export`. @param program how it was called */
function exportOptions(parser: Argv, program: string) {
  return parser
    .usage(
      `Brings sessions into a file, and what is new at each run after the first.\n\n  ${program} export --to FILE`,
    )
    .options(OPTIONS.export)
    .epilogue(
      examples(program, {
        "export --to sessions.duckdb": "all sessions, as a table; run again, it brings what is new",
        "export --to week.csv --start-date 7d": "those of the last seven days",
        "export --to - --select country,city | head": "as JSON, a line each",
      }),
    );
}

/** Options of `verify`. @param program how it was called */
function verifyOptions(parser: Argv, program: string) {
  const path = { type: "string", demandOption: true, describe: "file that export has made" } as const;
  return parser
    .usage(
      `Counts the sessions of a copy and of Browsee, and looks for those that differ.\n\n  ${program} verify FILE`,
    )
    .positional("path", path)
    .options(OPTIONS.verify)
    .epilogue("Exit code: 0 if the copy is whole, or was made whole; 2 if it is not; 1 after an error.");
}

/** What stands below the options: command lines to copy, with what they do, and where keys come from. @param lines by what stands behind the program's name */
function examples(program: string, lines: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(lines).map(([line, what]) => `  ${program} ${line}\n      ${what}`);
  return ["Examples", ...pairs, "", KEYS].join("\n");
}
