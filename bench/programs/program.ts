import type { Command } from "../run/run-measured.ts";
import type { Task } from "./task.ts";

/** Something that reads all sessions of an API. */
export interface Program {
  readonly name: ProgramName;
  /** What reads the task's sessions to stdout. */
  readonly read: (task: Task) => Command;
  /** What prints its specification; undefined for one that has none. */
  readonly spec: Command | undefined;
}

/** What is compared, as the tables call it and in their order. */
export const PROGRAM_NAMES = [
  "bare fetch",
  "source-browsee",
  "faros-airbyte-cdk",
  "airbyte-cdk low-code",
] as const;

/** One of them. */
export type ProgramName = (typeof PROGRAM_NAMES)[number];

/** A program that takes the arguments of Airbyte's protocol. @param argv what they are put behind */
export function airbyteSource(
  name: ProgramName,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Program {
  return {
    name,
    read: ({ config, catalog, state }) => {
      const files = ["--config", config, "--catalog", catalog];
      return { argv: [...argv, "read", ...files, ...(state === undefined ? [] : ["--state", state])], env };
    },
    spec: { argv: [...argv, "spec"], env },
  };
}
