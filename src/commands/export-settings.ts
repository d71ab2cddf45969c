import { type Config, type Env, parseConfig } from "../config.ts";
import { type ConnectorError, configError } from "../errors.ts";
import { streams as allStreams } from "../generated/stream-list.ts";
import { quoted } from "../redact.ts";
import { isOffered, type StreamDefinition } from "../streams/stream.ts";
import { parseDateOption } from "./date-option.ts";
import { filledIn, inWordsGiven, withVariables } from "./read-config.ts";

/** What fields of the configuration are called on the command line. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ["start_date", "--start-date"],
  ["end_date", "--end-date"],
  ["segment_ids", "--segment"],
  ["lookback_window_hours", "--lookback-hours"],
  ["api_url", "--api-url"],
]);

/** The options of the command line, as they were given. */
export interface ExportOptions {
  readonly to: string;
  readonly stream?: readonly string[] | undefined;
  readonly select?: readonly string[] | undefined;
  readonly startDate?: string | undefined;
  readonly endDate?: string | undefined;
  readonly segment?: readonly string[] | undefined;
  readonly lookbackHours?: number | undefined;
  readonly apiUrl?: string | undefined;
  readonly full?: boolean | undefined;
}

/**
 * The configuration: the file's, with what the command line says instead; keys may come from the environment.
 * @param file parsed JSON of the --config file; undefined where none was named
 * @param now Unix ms
 * @throws ConnectorError usage or config_invalid, in fields' names
 */
export function exportConfig(options: ExportOptions, file: unknown, env: Env, now: number): Config {
  const given = withVariables(file, env);
  if (typeof given !== "object" || given === null || Array.isArray(given)) return parseConfig(given, env);
  return parseConfig({ ...given, ...fieldsOf(options, now) }, env);
}

function fieldsOf(options: ExportOptions, now: number): object {
  const { startDate, endDate, segment, lookbackHours, apiUrl } = options;
  return filledIn({
    start_date: startDate === undefined ? undefined : parseDateOption("--start-date", startDate, now),
    end_date: endDate === undefined ? undefined : parseDateOption("--end-date", endDate, now),
    segment_ids: segment && [...new Set(segment)],
    lookback_window_hours: lookbackHours,
    api_url: apiUrl,
  });
}

/** An error in the words of the command line, as far as it was used. @param hasFile whether it names a configuration */
export function inWordsOfOptions(
  error: ConnectorError,
  { startDate, endDate, segment, lookbackHours, apiUrl }: ExportOptions,
  hasFile: boolean,
): ConnectorError {
  const said = filledIn({
    start_date: startDate,
    end_date: endDate,
    segment_ids: segment,
    lookback_window_hours: lookbackHours,
    api_url: apiUrl,
  });
  // Without a file there is no other place where a field could stand.
  const isUsed = ([field]: readonly [string, string]) => !hasFile || field in said;
  return inWordsGiven(error, hasFile, new Map([...FLAGS].filter(isUsed)));
}

/**
 * The streams to export: the named ones, or all that the configuration offers.
 * @throws ConnectorError usage
 */
export function chooseStreams(
  names: readonly string[] | undefined,
  config: Config,
): readonly StreamDefinition[] {
  if (names === undefined || names.length === 0)
    return allStreams.filter((stream) => isOffered(stream, config));
  return [...new Set(names)].map((name) => {
    const found = allStreams.find((stream) => stream.name === name);
    if (found === undefined) {
      const known = allStreams.map((stream) => stream.name).join(", ");
      throw configError("usage", `There is no stream ${quoted(name)}. There are: ${known}.`);
    }
    if (!isOffered(found, config)) {
      const setting = found.partitionedBy?.setting ?? "";
      throw configError("usage", `The stream ${name} needs ${FLAGS.get(setting) ?? setting}.`);
    }
    return found;
  });
}

/**
 * The fields to export.
 * @param select as given, each perhaps several with commas between
 * @returns none for all
 * @throws ConnectorError usage
 */
export function chooseFields(
  select: readonly string[] | undefined,
  streams: readonly StreamDefinition[],
): readonly string[] {
  const fields = (select ?? []).flatMap((text) => text.split(",")).map((field) => field.trim());
  const known = new Set(streams.flatMap(({ schema }) => Object.keys(schema.properties)));
  const picked = fields.filter((field) => field !== "");
  const unknown = picked.find((field) => !known.has(field));
  if (unknown !== undefined) {
    const sentence = `There is no field ${quoted(unknown)}. There are: ${[...known].join(", ")}.`;
    throw configError("usage", sentence);
  }
  return picked;
}
