import { type Config, parseConfig } from "../config.ts";
import { ConnectorError, configError } from "../errors.ts";
import { streams as allStreams } from "../generated/stream-list.ts";
import { quoted } from "../redact.ts";
import { isOffered, type StreamDefinition } from "../streams/stream.ts";
import { parseDateOption } from "./date-option.ts";

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
 * The configuration: the file's, with what the command line says instead; keys may come from the environment
 * (BROWSEE_API_KEY, BROWSEE_SECRET_KEY, BROWSEE_SESSION_KEY_SALT).
 * @param file parsed JSON of the --config file; undefined where none was named
 * @param now Unix ms
 * @throws ConnectorError usage or config_invalid
 */
export function exportConfig(
  options: ExportOptions,
  file: unknown,
  env: Readonly<Record<string, string | undefined>>,
  now: number,
): Config {
  const keys = {
    api_key: env["BROWSEE_API_KEY"],
    secret_key: env["BROWSEE_SECRET_KEY"],
    session_key_salt: env["BROWSEE_SESSION_KEY_SALT"],
  };
  if (file === undefined && (!keys.api_key || !keys.secret_key)) {
    const sentence =
      "There are no keys: name a configuration with --config FILE, or set BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment.";
    throw configError("usage", sentence);
  }
  // What is no object is for parseConfig to refuse.
  if (file !== undefined && (typeof file !== "object" || file === null || Array.isArray(file)))
    return parseConfig(file, env);
  const { startDate, endDate, segment, lookbackHours, apiUrl } = options;
  const said = {
    start_date: startDate === undefined ? undefined : parseDateOption("--start-date", startDate, now),
    end_date: endDate === undefined ? undefined : parseDateOption("--end-date", endDate, now),
    segment_ids: segment && [...new Set(segment)],
    lookback_window_hours: lookbackHours,
    api_url: apiUrl,
  };
  try {
    return parseConfig({ ...given(keys), ...given(file ?? {}), ...given(said) }, env);
  } catch (error) {
    throw inFlags(error, Object.keys(given(said)));
  }
}

/** A field that came from the command line is called what it is called there. */
function inFlags(error: unknown, said: readonly string[]): unknown {
  if (!(error instanceof ConnectorError) || error.code !== "config_invalid") return error;
  const flag = (field: string) => (said.includes(field) ? (FLAGS.get(field) ?? field) : field);
  return configError("config_invalid", error.message.replaceAll(/\b[a-z]+(_[a-z]+)+\b/g, flag));
}

function given(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  );
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
