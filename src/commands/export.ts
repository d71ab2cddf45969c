import { type ConnectorError, configError } from "../errors.ts";
import { estimateExport } from "../export/dry-run.ts";
import { type ExportParts, exportAll } from "../export/export-all.ts";
import { parseTarget } from "../export/target.ts";
import { estimateJson, estimateLines } from "../terminal/estimate-text.ts";
import { failureTexts, formulasText, stoppedText, tellWaits } from "../terminal/outcome-text.ts";
import { createReporter } from "../terminal/reporter.ts";
import { summaryJson, summaryLines } from "../terminal/summary.ts";
import { terminalStyle } from "../terminal/terminal.ts";
import { type Context, type ExitCode, forPerson, printJson, withClient } from "./context.ts";
import { parseDateOption } from "./date-option.ts";
import { chooseFields, chooseStreams, fieldsOf, inWordsOfOptions } from "./export-settings.ts";
import type { ExportArguments } from "./options.ts";
import { readConfig } from "./read-config.ts";

/**
 * Exports sessions into a file or a pipe, and tells a person about it on stderr.
 * @throws Cancelled
 */
export async function runExport(context: Context, args: ExportArguments): Promise<ExitCode> {
  const inWords = (error: ConnectorError) => inWordsOfOptions(error, args);
  return forPerson(context, args, inWords, () => run(context, args, inWords));
}

async function run(
  context: Context,
  args: ExportArguments,
  inWords: (error: ConnectorError) => ConnectorError,
): Promise<ExitCode> {
  const { out, err, secrets, env, stop, monotonicNow, now } = context;
  const { full = false, dryRun = false, escapeFormulas = false, quiet = false, json = false } = args;
  const style = terminalStyle(err, env);
  const reporter = createReporter(err, style, secrets.redact, quiet, args.to !== "-");
  const set = () => fieldsOf(args, (option, text) => parseDateOption(option, text, now()));
  const config = await readConfig(context, args.config, (text) => reporter.note(`${text}.`), set);
  const definitions = chooseStreams(args.stream, config);
  const fields = chooseFields(args.select, definitions);
  const names = definitions.map(({ name }) => name);
  const target = parseTarget(args.to, names);
  if (target === undefined && json)
    throw configError("usage", "--json and --to - both write to stdout. Leave one of them out.");
  if (escapeFormulas && target?.form !== "csv")
    throw configError("usage", "--escape-formulas is for a .csv file. Leave it out.");

  const onWait = tellWaits(reporter.note, now);
  const parts: ExportParts = {
    ...{ config, target, definitions, fields, full, escapeFormulas, reporter, stop, monotonicNow, now },
    withClient: (work) => withClient(context, config, onWait, work),
    print: out.write,
  };
  if (dryRun) {
    const estimates = await estimateExport(parts).finally(reporter.end);
    reporter.show(estimateLines(estimates));
    if (json) await printJson(context, estimateJson(estimates));
    return 0;
  }
  const done = await exportAll(parts).finally(reporter.end);
  const streams = done.streams.map((stream) => ({
    ...stream,
    failure: stream.failure && inWords(stream.failure),
  }));
  const summary = { ...done, streams };

  reporter.show(summaryLines(summary, style));
  if (target?.form === "csv" && summary.status === "complete") reporter.note(formulasText(escapeFormulas));
  // Whoever closed the pipe knows.
  if (summary.status === "stopped" && !out.gone.aborted) reporter.note(stoppedText(summary, full));
  for (const text of failureTexts(summary)) reporter.say(text);
  if (json) await printJson(context, summaryJson(summary));
  return summary.status === "complete" ? 0 : 1;
}
