import { type PlatformCommand, platformCommands, type Run } from "./platform-commands.ts";

/**
 * The command line as Airbyte's platform writes it: a command, then `--name value` for each file. A sync starts the
 * program several times, and the parser for people takes longer to load than most commands take to run.
 * @returns undefined for any other command line, right or wrong
 */
export function platformRun([name = "", ...options]: readonly string[]): Run | undefined {
  const command = platformCommands.get(name);
  const files = command && filesOf(command, options);
  if (command === undefined || files === undefined) return undefined;
  const { config = "", catalog = "", state } = Object.fromEntries(files);
  return (context) => command.run(context, { config, catalog, state });
}

function filesOf({ required, optional }: PlatformCommand, options: readonly string[]) {
  const known = new Set<string>([...required, ...optional].map((name) => `--${name}`));
  const files = new Map<string, string>();
  for (let at = 0; at < options.length; at += 2) {
    const option = options[at] ?? "";
    const path = options[at + 1] ?? "";
    const plain = known.delete(option) && path !== "" && !path.startsWith("-");
    if (!plain) return undefined;
    files.set(option.slice("--".length), path);
  }
  return required.every((name) => files.has(name)) ? files : undefined;
}
