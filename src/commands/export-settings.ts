import type { Config } from "../config.ts";
import { type ConnectorError, configError } from "../errors.ts";
import { streams as allStreams } from "../generated/stream-list.ts";
import { field } from "../json.ts";
import { quoted } from "../redact.ts";
import { isOffered, type StreamDefinition } from "../streams/stream.ts";
import type { ExportArguments } from "./options.ts";
import { inWordsGiven } from "./read-config.ts";

/** What fields of the configuration are called on the command line. */
const FLAGS: ReadonlyMap<string, string> = new Map([
  ["start_date", "--start-date"],
  ["end_date", "--end-date"],
  ["segment_ids", "--segment"],
  ["lookback_window_hours", "--lookback-hours"],
  ["api_url", "--api-url"],
]);

/**
 * The fields of the configuration that options set instead; undefined for those that are not given.
 * @param dateOf reads what an option has for a date
 */
export function fieldsOf(
  { startDate, endDate, segment, lookbackHours, apiUrl }: ExportArguments,
  dateOf = (_option: string, text: string) => text,
): object {
  return {
    start_date: startDate && dateOf("--start-date", startDate),
    end_date: endDate && dateOf("--end-date", endDate),
    segment_ids: segment && [...new Set(segment)],
    lookback_window_hours: lookbackHours,
    api_url: apiUrl,
  };
}

/** An error in the words of the command line, as far as it was used. */
export function inWordsOfOptions(error: ConnectorError, options: ExportArguments): ConnectorError {
  if (error.code === "state_invalid") {
    const sentence = `The progress kept with ${options.to} can't be read. Run the command with --full to export everything anew.`;
    return error.reworded(sentence);
  }
  const hasFile = options.config !== undefined;
  const set = fieldsOf(options);
  // Without a file there is no other place where a field could stand.
  const isUsed = ([name]: readonly [string, string]) => !hasFile || field(set, name) !== undefined;
  return inWordsGiven(error, hasFile, new Map([...FLAGS].filter(isUsed)));
}

/**
 * The streams to export: the named ones, or all that the configuration offers.
 * @throws ConnectorError usage
 */
export function chooseStreams(names: readonly string[] = [], config: Config): readonly StreamDefinition[] {
  if (names.length === 0) return allStreams.filter((stream) => isOffered(stream, config));
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
  const picked = fields.filter((field) => field !== "");
  const known = new Set(streams.flatMap(({ schema }) => Object.keys(schema.properties)));
  const unknown = picked.find((field) => !known.has(field));
  if (unknown !== undefined) {
    const sentence = `There is no field ${quoted(unknown)}. There are: ${[...known].join(", ")}.`;
    throw configError("usage", sentence);
  }
  return picked;
}
