import type { Argv } from "yargs";

const OPTIONS = {
  config: {
    type: "string",
    requiresArg: true,
    describe: "configuration file; without it, keys come from the environment",
  },
  repair: { type: "boolean", describe: "write the sessions that are missing in the copy" },
  prune: { type: "boolean", describe: "delete the sessions that Browsee no longer has" },
  quiet: { type: "boolean", describe: "say nothing but errors" },
  json: { type: "boolean", describe: "print the verdict as JSON" },
} as const;

/** Names of the options of `verify`. */
export const VERIFY_OPTIONS: readonly string[] = Object.keys(OPTIONS);

/** Options of `verify`. @param program how it was called */
export function verifyOptions(parser: Argv, program: string) {
  return parser
    .usage(
      `Counts the sessions of a copy and of Browsee, and looks for those that differ.\n\n  ${program} verify FILE`,
    )
    .positional("path", {
      type: "string",
      demandOption: true,
      describe: "file that export has made",
    })
    .options(OPTIONS)
    .epilogue("Exit code: 0 if the copy is whole, or was made whole; 2 if it is not; 1 after an error.");
}
