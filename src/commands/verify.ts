import { type ConnectorError, configError } from "../errors.ts";
import { formOf, parseTarget } from "../export/target.ts";
import { streams } from "../generated/stream-list.ts";
import { quoted } from "../redact.ts";
import { errorText, tellWaits } from "../terminal/outcome-text.ts";
import { createReporter } from "../terminal/reporter.ts";
import { terminalStyle } from "../terminal/terminal.ts";
import { verdictJson, verdictLines } from "../terminal/verdict.ts";
import { verifyCopy } from "../verify/verify-copy.ts";
import { type Context, type ExitCode, forPerson, printJson, withClient } from "./context.ts";
import type { VerifyArguments } from "./options.ts";
import { inWordsGiven, readConfig } from "./read-config.ts";

/**
 * Holds a copy against the API, and tells a person on stderr how they differ.
 * @returns 0 where the copy is whole or was made whole, 2 where it is not, 1 after an error
 * @throws Cancelled
 */
export async function runVerify(context: Context, args: VerifyArguments): Promise<ExitCode> {
  const { err, secrets, env, stop, monotonicNow, now } = context;
  const { path, repair = false, prune = false, quiet = false, json = false } = args;
  const inWords = (error: ConnectorError) => inWordsOfVerify(error, args);
  return forPerson(context, args, inWords, async () => {
    const reporter = createReporter(err, terminalStyle(err, env), secrets.redact, quiet);
    const config = await readConfig(context, args.config, (text) => reporter.note(`${text}.`));
    const names = streams.map(({ name }) => name);
    const target = formOf(path) && parseTarget(path, names);
    if (target === undefined) {
      // An empty path is refused before; of - nothing is left.
      const sentence = `${quoted(path || "-")} is no copy that export makes. Name a .duckdb, .parquet, .csv, .ndjson or .jsonl file.`;
      throw configError("usage", sentence);
    }
    const onWait = tellWaits(reporter.note, now);
    const { verdicts, failure } = await verifyCopy({
      ...{ config, target, definitions: streams, repair, prune, stop, monotonicNow, now },
      note: reporter.note,
      withClient: (work) => withClient(context, config, onWait, work),
    }).finally(reporter.end);
    for (const line of verdictLines(verdicts)) reporter.note(line);
    const told = failure && inWords(failure);
    if (told !== undefined) reporter.say(errorText(told));
    if (json) await printJson(context, verdictJson(verdicts, told));
    if (told !== undefined) return 1;
    return verdicts.every(({ whole }) => whole) ? 0 : 2;
  });
}

function inWordsOfVerify(error: ConnectorError, { path, config }: VerifyArguments): ConnectorError {
  if (error.code !== "state_invalid") return inWordsGiven(error, config !== undefined);
  const sentence = `The progress kept in ${path} can't be read. Run export with --full to export everything anew.`;
  return error.reworded(sentence);
}
