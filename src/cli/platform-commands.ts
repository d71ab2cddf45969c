import type { Context, ExitCode } from "../commands/context.ts";

/** Does what was asked for. */
export type Run = (context: Context) => Promise<ExitCode>;

/** Paths as they were given; one that a command has no use for is empty. */
export interface InputFiles {
  readonly config: string;
  readonly catalog: string;
  readonly state: string | undefined;
}

/** A command that Airbyte's platform calls. */
export interface PlatformCommand {
  readonly describe: string;
  readonly required: readonly (keyof InputFiles)[];
  readonly optional: readonly (keyof InputFiles)[];
  readonly run: (context: Context, files: InputFiles) => Promise<ExitCode>;
}

/** Airbyte protocol, "Source": spec, check, discover and read. What a command needs is loaded when it runs. */
export const platformCommands: ReadonlyMap<string, PlatformCommand> = new Map([
  [
    "spec",
    {
      describe: "print what the configuration looks like",
      required: [],
      optional: [],
      run: async (context) => (await import("../commands/spec.ts")).runSpec(context),
    },
  ],
  [
    "check",
    {
      describe: "try the keys",
      required: ["config"],
      optional: [],
      run: async (context, { config }) => (await import("../commands/check.ts")).runCheck(context, config),
    },
  ],
  [
    "discover",
    {
      describe: "print the streams and their columns",
      required: ["config"],
      optional: [],
      run: async (context, { config }) =>
        (await import("../commands/discover.ts")).runDiscover(context, config),
    },
  ],
  [
    "read",
    {
      describe: "read sessions",
      required: ["config", "catalog"],
      optional: ["state"],
      run: async (context, files) => (await import("../commands/read.ts")).runRead(context, files),
    },
  ],
] satisfies [string, PlatformCommand][]);
