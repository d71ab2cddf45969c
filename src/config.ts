import spec from "../spec.json";
import { type ConnectorError, configError } from "./errors.ts";
import { isConfig, type Config as RawConfig } from "./generated/validators.js";
import { field, isObject } from "./json.ts";
import { SECRET_VARIABLES } from "./redact.ts";

/** The configuration, checked and with its defaults. Times are Unix seconds. */
export interface Config {
  readonly apiKey: string;
  readonly secretKey: string;
  /** Keys the hash that sessionKey is; undefined where api_key alone does. */
  readonly sessionKeySalt: string | undefined;
  /** Inclusive, not negative. */
  readonly startDate: number;
  /** Exclusive. */
  readonly endDate: number | undefined;
  readonly segmentIds: readonly string[];
  readonly lookbackHours: number;
  /** Origin, without a slash at its end. */
  readonly apiUrl: string;
  readonly requestTimeoutSeconds: number;
  readonly retryDeadlineSeconds: number;
  /** Whether counts that contradict the sessions for good are passed over with a warning. */
  readonly acceptCountMismatch: boolean;
  /** Names of the fields that spec.json does not list. */
  readonly unknownFields: readonly string[];
}

/** The environment's variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

const { properties } = spec.connectionSpecification;

const DATE =
  /^(\d{4}-\d{2})(-\d{2})?$|^(\d{4}-\d{2}-\d{2})[T ]((?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}(?::\d{2})?)$/i;

const within = ({ minimum, maximum }: { readonly minimum: number; readonly maximum: number }) =>
  `must be a whole number from ${minimum} to ${maximum}.`;
const SECRET = "must be a text that is not empty.";
const DAY = "must be a day like 2024-01-31, or a date and time in UTC like 2024-01-31T00:00:00Z.";
/** What is said of a field that is something else. */
const MUST_BE = {
  api_key: SECRET,
  secret_key: SECRET,
  session_key_salt: SECRET,
  start_date: DAY,
  end_date: DAY,
  segment_ids: "must be a list of segment IDs, each a text that is not empty, none of them twice.",
  lookback_window_hours: within(properties.lookback_window_hours),
  api_url: "must be an origin like https://api.browsee.io, without a path.",
  request_timeout_seconds: within(properties.request_timeout_seconds),
  retry_deadline_seconds: within(properties.retry_deadline_seconds),
  accept_count_mismatch: "must be true or false.",
} satisfies Record<keyof typeof properties, string>;

/**
 * Reads a configuration as spec.json describes it; fields that it does not list are ignored.
 * @param value the parsed JSON of the --config file
 * @param env DEPLOYMENT_MODE=CLOUD, which Airbyte sets in its cloud, lets the keys go to api.browsee.io alone
 * @throws ConnectorError config_invalid, naming the field and never a secret's value
 */
export function parseConfig(value: unknown, env: Env = {}): Config {
  const raw = validated(isObject(value) ? filledIn(value) : value);
  const startDate = toSeconds("start_date", raw.start_date ?? properties.start_date.default);
  const endDate = raw.end_date === undefined ? undefined : toSeconds("end_date", raw.end_date);
  if (endDate !== undefined && endDate <= startDate) {
    throw invalid("end_date must be later than start_date. Move one of them, or leave end_date empty.");
  }
  return {
    apiKey: raw.api_key,
    secretKey: raw.secret_key,
    sessionKeySalt: raw.session_key_salt,
    // The API's times, and so those of the state, are counts from 1970 on.
    startDate: Math.max(0, startDate),
    endDate,
    segmentIds: raw.segment_ids ?? [],
    lookbackHours: raw.lookback_window_hours ?? properties.lookback_window_hours.default,
    apiUrl: checkedOrigin(raw.api_url ?? properties.api_url.default, env),
    requestTimeoutSeconds: raw.request_timeout_seconds ?? properties.request_timeout_seconds.default,
    retryDeadlineSeconds: raw.retry_deadline_seconds ?? properties.retry_deadline_seconds.default,
    acceptCountMismatch: raw.accept_count_mismatch ?? properties.accept_count_mismatch.default,
    unknownFields: Object.keys(raw).filter((name) => !Object.hasOwn(properties, name)),
  };
}

function invalid(message: string): ConnectorError {
  return configError("config_invalid", message);
}

function validated(value: unknown): RawConfig {
  if (isConfig(value)) return value;
  const error = isConfig.errors?.[0];
  const name = error?.instancePath.split("/")[1] ?? field(error?.params, "missingProperty");
  if (typeof name !== "string") {
    throw invalid("The configuration must be one JSON object with api_key and secret_key.");
  }
  const isMissing = error?.keyword === "required";
  const fault = isMissing
    ? "is missing. Fill it in: Browsee shows it in its settings."
    : field(MUST_BE, name);
  throw invalid(`${name} ${fault}`);
}

/**
 * The fields that are filled in: forms and Terraform send null or "" for one that was left empty. Secrets and segments
 * come without what is copied along with them: white space, of secrets quotation marks around them too.
 * @param fields of a configuration, or a part of one; undefined counts as not filled in
 */
export function filledIn(fields: object): object {
  const meant = Object.entries(fields).map(([name, field]) => [name, asMeant(name, field)]);
  return Object.fromEntries(
    meant.filter(([, field]) => field !== undefined && field !== null && field !== ""),
  );
}

function asMeant(name: string, field: unknown): unknown {
  if (name === "segment_ids" && Array.isArray(field)) return field.map(trimmed);
  return Object.hasOwn(SECRET_VARIABLES, name) ? bare(field) : field;
}

/** Besides white space, what can't be seen goes: a byte order mark, a space of no width, half of a character. */
function trimmed(text: unknown): unknown {
  return typeof text === "string" ? text.replaceAll(/^[\s\p{C}]+|[\s\p{C}]+$/gu, "").toWellFormed() : text;
}

function bare(secret: unknown): unknown {
  const text = trimmed(secret);
  if (typeof text !== "string") return text;
  const quoted = /^(?:"(.*)"|'(.*)'|“(.*)”|‘(.*)’|`(.*)`)$/su.exec(text);
  return quoted === null ? text : bare(quoted.slice(1).find((inside) => inside !== undefined) ?? "");
}

function toSeconds(name: "start_date" | "end_date", date: string): number {
  const ms = parseDate(date);
  if (ms === undefined) throw invalid(`${name} ${DAY}`);
  return ms / 1000;
}

function checkedOrigin(text: string, env: Env): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // Some programs take a backslash for the end of the host, others for a part of the user's name.
  if (url === undefined || url.username !== "" || url.password !== "" || text.includes("\\")) {
    throw invalid(`api_url ${MUST_BE.api_url}`);
  }
  if (url.protocol === "http:" && !isLoopback(url.hostname)) {
    throw invalid("api_url must be https: over plain http the keys could be read on the way.");
  }
  const { origin } = new URL(properties.api_url.default);
  if (env["DEPLOYMENT_MODE"]?.toUpperCase() === "CLOUD" && url.origin !== origin) {
    throw invalid(
      `api_url must be ${origin} in Airbyte Cloud, so that the keys go nowhere else. Leave it out.`,
    );
  }
  return url.origin;
}

/**
 * The instant of a date as ISO 8601 or a database writes it: a month or a day (its begin in UTC), or a date and time with
 * Z or an offset, to the second or finer.
 * @returns Unix ms; undefined for any other text, and for a day or a time that does not exist
 */
export function parseDate(text: string): number | undefined {
  const [, month, monthDay = "-01", day = `${month}${monthDay}`, time, zone = ""] = DATE.exec(text) ?? [];
  const begin = new Date(`${day}T00:00:00Z`);
  // Date takes the 31st of February for a day in March.
  if (Number.isNaN(begin.getTime()) || !begin.toISOString().startsWith(day)) return undefined;
  const offset = zone.length === 3 ? `${zone}:00` : zone;
  const ms = time === undefined ? begin.getTime() : Date.parse(`${day}T${time}${offset}`);
  // A leap second has the form of a time, but Unix time has no number for it.
  return Number.isNaN(ms) ? undefined : ms;
}

/**
 * Whether a host is this machine.
 * @param hostname as URL writes it: IPv6 addresses in brackets
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
