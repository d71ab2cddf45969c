import { closest, distance } from "fastest-levenshtein";
import { OPTIONS } from "../commands/options.ts";
import { type ConnectorError, configError } from "../errors.ts";
import { field } from "../json.ts";
import { isShowable } from "../redact.ts";

/** Names of the commands. */
export const COMMANDS: readonly string[] = Object.keys(OPTIONS);

/** Options that take several values, and may be given several times. */
const LIST_OPTIONS = Object.entries(OPTIONS.export).flatMap(([name, option]) =>
  "array" in option ? name : [],
);
/** So many letters may be wrong in a name that is meant. */
const MOST_WRONG = 3;
/** What a path of --to ends in. */
const TARGET = /\.(duckdb|parquet|csv|ndjson|jsonl)$/i;

/** A command line that is wrong. */
interface WrongLine {
  /** How the program was called. */
  readonly program: string;
  readonly args: readonly string[];
  /** The one that was named; undefined where none was. */
  readonly command: string | undefined;
  /** What was given besides options, the command included; empty where that is not known. */
  readonly words: readonly string[];
}

/**
 * What is wrong with a command line, as a sentence with what was meant. Nothing that looks like JSON or a key is said
 * back.
 * @param problem in yargs' words
 */
export function usageError(problem: string, line: WrongLine): ConnectorError {
  const { program, command } = line;
  const help = `${program} ${command === undefined ? "" : `${command} `}--help`;
  const sentence =
    command === undefined ? wrongCommand(line) : wrongOption(line, command) || inYargs(problem);
  return configError("usage", `${sentence} See ${help}.`);
}

function wrongCommand({ args, words }: WrongLine): string {
  const [first] = [...words, ...args.slice(0, 1).filter((arg) => !arg.startsWith("-"))];
  if (first === undefined)
    return `Name a command: ${COMMANDS.slice(0, -1).join(", ")} or ${COMMANDS.at(-1)}.`;
  if (!isShowable(first)) return "There is no such command; it may be a key, so it is not repeated.";
  return `There is no command ${first}.${didYouMean(first, COMMANDS, "")}`;
}

function wrongOption({ args, words }: WrongLine, command: string): string {
  const options = [...Object.keys(Object(field(OPTIONS, command))), "help", "version"];
  const unknown = namesIn(args).find((name) => !options.includes(name));
  if (unknown !== undefined) {
    if (/^(api|secret)[-_]?key$|^session-key-salt$/.test(unknown)) {
      return `There is no option --${unknown}: other users of the machine could read the key. Set BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment, or name a file with --config.`;
    }
    if (!isShowable(unknown)) return "There is no such option; it may be a key, so it is not repeated.";
    return `There is no option --${unknown}.${didYouMean(unknown, options, "--")}`;
  }
  const extra = command === "verify" ? words[2] : words.find((word) => word !== command);
  if (extra === undefined) return "";
  if (!isShowable(extra))
    return `${command} takes options alone; what else was given may be a key, so it is not repeated.`;
  const isTarget = TARGET.test(extra) && options.includes("to") && !namesIn(args).includes("to");
  return `${command} can't do anything with ${extra}.${isTarget ? ` Did you mean --to ${extra}?` : ""}`;
}

/** What is left: an option that is missing, or that has no value. */
function inYargs(problem: string): string {
  const [, missing] = /^Missing required arguments?: (.+)$/.exec(problem) ?? [];
  const dashed = (names: string) => `--${names.replaceAll(", ", " and --")}`;
  if (missing !== undefined) return `${dashed(missing)} must be given.`;
  const [, empty] = /^Not enough arguments following: (.+)$/.exec(problem) ?? [];
  if (empty !== undefined) return `${dashed(empty)} needs a value.`;
  if (problem.startsWith("Not enough non-option arguments")) return "Name the file to be verified.";
  if (!problem.split(/[\s,]+/).every(isShowable)) return "The command line can't be read.";
  return `${problem.replaceAll(/\s+/g, " ").replace(/[\s.]+$/, "")}.`;
}

function didYouMean(name: string, known: readonly string[], dashes: string): string {
  const near = closest(name, [...known]);
  return distance(name, near) <= MOST_WRONG ? ` Did you mean ${dashes}${near}?` : "";
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
