import yargs, { type Argv, type Options } from "yargs";
import type { Context, ExitCode } from "../commands/context.ts";
import { EXPORT_OPTIONS, exportOptions } from "./export-options.ts";
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

/** Names of each command's options. */
const OPTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ["check", ["config"]],
  ["discover", ["config"]],
  ["read", ["config", "catalog", "state"]],
  ["export", EXPORT_OPTIONS],
  ["verify", VERIFY_OPTIONS],
]);

/**
 * Reads a command line; a wrong one becomes an invocation that fails with usage.
 * @param args without node and the program's path
 * @param version of the program
 */
export async function parseCommandLine(args: readonly string[], version: string): Promise<Invocation> {
  let run: Invocation["run"] = async () => 0;
  let command: unknown;
  const parser = withCommands(yargs([...args]), (chosen) => {
    run = chosen;
  })
    .scriptName("source-browsee")
    .locale("en")
    .parserConfiguration({ "boolean-negation": false })
    .version(version)
    .exitProcess(false)
    .middleware(({ _: [name] }) => {
      command = name;
      refuseEmpty(args);
      refuseTwice(args);
    }, true)
    .demandCommand(1, "Name a command: spec, check, discover, read, export or verify.")
    .strictCommands()
    .recommendCommands()
    .fail((message, error) => {
      const what = message || error?.message || "The command line can't be read.";
      throw usageError(what, args, OPTIONS.get(String(command)) ?? []);
    });
  try {
    await parser.parseAsync([...args], {}, (_error, _argv, help) => {
      if (help !== "") run = ({ out }) => out.write([help]).then(() => 0);
    });
  } catch (error) {
    run = () => Promise.reject(error);
  }
  return { forPeople: FOR_PEOPLE.includes(String(command)), run };
}

/** @param choose takes what the command that was named does */
function withCommands(parser: Argv, choose: (run: Invocation["run"]) => void): Argv {
  const config = file("configuration file");
  const catalog = file("configured catalog file");
  const state = { ...file("state file"), demandOption: false } as const;
  return parser
    .command("spec", "print what the configuration looks like", {}, () =>
      choose(async (context) => (await import("../commands/spec.ts")).runSpec(context)),
    )
    .command("check", "try the keys", { config }, (argv) =>
      choose(async (context) => (await import("../commands/check.ts")).runCheck(context, argv.config)),
    )
    .command("discover", "print the streams and their columns", { config }, (argv) =>
      choose(async (context) => (await import("../commands/discover.ts")).runDiscover(context, argv.config)),
    )
    .command("read", "read sessions", { config, catalog, state }, (argv) =>
      choose(async (context) => (await import("../commands/read.ts")).runRead(context, argv)),
    )
    .command("export", "bring sessions into a file, and keep it up to date", exportOptions, (argv) =>
      choose(async (context) => (await import("../commands/export.ts")).runExport(context, argv)),
    )
    .command("verify <path>", "hold a copy against Browsee, and mend it", verifyOptions, (argv) =>
      choose(async (context) => (await import("../commands/verify.ts")).runVerify(context, argv)),
    );
}

function file(describe: string) {
  return { type: "string", requiresArg: true, demandOption: true, describe } as const satisfies Options;
}
