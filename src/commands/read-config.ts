import { type Config, type Env, filledIn, parseConfig } from "../config.ts";
import { type ConnectorError, configError } from "../errors.ts";
import { isObject } from "../json.ts";
import { logLine } from "../protocol/messages.ts";
import { isShowable, SECRET_VARIABLES } from "../redact.ts";
import type { Context } from "./context.ts";
import { readInputFile } from "./input-file.ts";

/** Enough to find a slip of the pen. */
const MOST_NAMES = 10;

/**
 * Reads the --config file, or the keys of the environment, and warns of fields that are not known. From then on its
 * secrets appear in no message.
 * @param path undefined where no file was named
 * @param warn takes a sentence without a full stop
 * @param options see configOf
 * @throws ConnectorError usage where there are no keys, file_unreadable or config_invalid
 */
export async function readConfig(
  { secrets, env, out }: Context,
  path: string | undefined,
  warn: (text: string) => unknown = (text) => out.write([logLine("WARN", text)]),
  options?: () => object,
): Promise<Config> {
  const file = path === undefined ? undefined : readInputFile(path, "configuration", "config_invalid");
  const config = configOf(file, env, options);
  secrets.hide([config.apiKey, config.secretKey, config.sessionKeySalt ?? ""]);
  const warning = unknownFieldsText(config);
  if (warning !== undefined) await warn(secrets.redact(warning));
  return config;
}

/**
 * The configuration: what the command line sets goes before the file, and the file before the environment's variables.
 * @param file parsed JSON of the --config file; undefined where none was named
 * @param options gives the fields that the command line may set; undefined where it does not
 * @throws ConnectorError usage where there are no keys, or config_invalid, in fields' names
 */
export function configOf(file: unknown, env: Env, options = (): object => ({})): Config {
  const variables = Object.fromEntries(
    Object.entries(SECRET_VARIABLES).map(([field, name]) => [field, env[name]]),
  );
  if (file === undefined && !(variables["api_key"] && variables["secret_key"])) {
    const sentence =
      "There are no keys: name a configuration with --config FILE, or set BROWSEE_API_KEY and BROWSEE_SECRET_KEY in the environment.";
    throw configError("usage", sentence);
  }
  // What is no object is for parseConfig to refuse.
  if (file !== undefined && !isObject(file)) return parseConfig(file, env);
  return parseConfig({ ...filledIn(variables), ...filledIn(file ?? {}), ...filledIn(options()) }, env);
}

/**
 * An error that calls fields by the variables or options that they came from.
 * @param hasFile whether a --config file was named, which has the keys then
 * @param options fields that came from options, and the options' names
 */
export function inWordsGiven(
  error: ConnectorError,
  hasFile: boolean,
  options: ReadonlyMap<string, string> = new Map(),
): ConnectorError {
  const names = new Map<string, string>([...(hasFile ? [] : Object.entries(SECRET_VARIABLES)), ...options]);
  return error.reworded(
    error.message.replaceAll(/\b[a-z]+(_[a-z]+)+\b/g, (field) => names.get(field) ?? field),
  );
}

/** Says which fields are ignored: nothing of what looks like a value in the wrong place. */
function unknownFieldsText({ unknownFields }: Config): string | undefined {
  if (unknownFields.length === 0) return undefined;
  const names = unknownFields
    .filter((name) => /^\w{1,40}$/.test(name) && isShowable(name))
    .slice(0, MOST_NAMES);
  const more = unknownFields.length - names.length;
  const all = [...names, ...(more > 0 ? [`${more} more`] : [])].join(", ");
  return `the configuration has fields that are not known, and are ignored: ${all}. Compare them with the documentation`;
}
