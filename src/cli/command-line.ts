import { platformRun } from "./platform-arguments.ts";
import type { Run } from "./platform-commands.ts";

/**
 * What the command line asks for.
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
  const run = platformRun(args);
  if (run !== undefined) return run;
  return (await import("./parser.ts")).parseArguments(args, version, help);
}
