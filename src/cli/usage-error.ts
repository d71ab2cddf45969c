import { closest, distance } from "fastest-levenshtein";
import { type ConnectorError, configError } from "../errors.ts";
import { isShowable } from "../redact.ts";
import { LIST_OPTIONS } from "./export-options.ts";

/** So many letters may be wrong in a name that is meant. */
const MOST_WRONG = 3;

/**
 * What is wrong with a command line, as a sentence with the nearest option. Nothing that looks like JSON or a key is
 * said back.
 * @param problem in yargs' words
 * @param known names of the command's options
 */
export function usageError(
  problem: string,
  args: readonly string[],
  known: readonly string[],
): ConnectorError {
  const what = problem.split(/[\s,]+/).every(isShowable)
    ? problem.replace(/[\s.]+$/, "").replaceAll(/\s+/g, " ")
    : "The command line has something that is no command or option, and may be a key, so it is not repeated.";
  const sentence = [what, hint(args, known)].filter((text) => text !== "").join(". ");
  return configError("usage", `${sentence} (source-browsee --help shows the commands)`);
}

function hint(args: readonly string[], known: readonly string[]): string {
  const unknown = namesIn(args).find((name) => !known.includes(name));
  if (unknown === undefined || known.length === 0) return "";
  if (/^(api|secret)[-_]?key$/.test(unknown)) return "Keys are taken from a file or the environment.";
  const near = closest(unknown, [...known]);
  return distance(unknown, near) <= MOST_WRONG ? `Did you mean --${near}?` : "";
}

/**
 * The options that are given, as they are declared: --startDate=x is start-date.
 * @param args of the command line
 */
function namesIn(args: readonly string[]): readonly string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return args.slice(0, end).flatMap((arg) => {
    const name = /^--([^=]+)/.exec(arg)?.[1];
    return name?.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`) ?? [];
  });
}

/** @throws ConnectorError usage, naming an option with an empty value: a variable of the shell that is not set */
export function refuseEmpty(args: readonly string[]): void {
  const at = args.findIndex((arg, at) => /^--[a-z-]+=$/i.test(arg) || (arg === "" && at > 0));
  if (at < 0) return;
  const name = args[at]?.replace("=", "") || args[at - 1];
  const what = name?.startsWith("--") ? name : "An argument";
  throw configError("usage", `${what} is empty. Give it a value, or leave it out.`);
}

/** @throws ConnectorError usage, naming an option that is given twice, where it takes one value */
export function refuseTwice(args: readonly string[]): void {
  const names = namesIn(args).filter((name) => !LIST_OPTIONS.includes(name));
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined) throw configError("usage", `--${twice} is given twice. Give it once.`);
}
