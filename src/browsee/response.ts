import { type ConnectorError, configError, systemError } from "../errors.ts";
import { isPageResponse } from "../generated/validators.js";
import { field, isCount } from "../json.ts";
import type { Redact } from "../redact.ts";
import { apiMessage, isAboutConcurrency, isAboutKeys, isAboutParameters } from "./api-message.ts";
import { unpackBody } from "./body.ts";
import type { HttpResponse } from "./http.ts";
import { MOST_LEVELS, nestsTooDeep, type ParseBody } from "./parse-body.ts";
import { type FailureKind, parseRetryAfter, RetriableFailure } from "./retry.ts";

/** A row's fields by name, as the API sent them: any may be missing or of another type. */
export type Fields = Readonly<Record<string, unknown>>;

/** One response of an export: a consistent snapshot of a part of the result set. */
export interface Page {
  /** In the order of the response. */
  readonly rows: readonly Fields[];
  /** API field exports.total: rows of the whole set. undefined where it was absent or no count. */
  readonly total: number | undefined;
}

/** What reading a response takes. */
interface ResponseContext {
  readonly redact: Redact;
  readonly parseBody: ParseBody;
  /** Unix ms, for a Retry-After that is a date in a response without one. */
  readonly now: () => number;
}

/** What the API says while it can't answer for now; 504 and 524 are a gateway's that stopped waiting for it. */
const PASSING: Readonly<Record<number, FailureKind>> = {
  408: "server",
  409: "busy",
  423: "busy",
  425: "server",
  429: "busy",
  504: "cut",
  524: "cut",
};
/** Verdicts on the keys and the request, where the API itself gives them. */
const VERDICTS: readonly number[] = [400, 401, 403];

/**
 * What a response means, after the API's documentation: "200: OK", "400: Bad Request", "401: Unauthorized".
 * @throws RetriableFailure or ConnectorError for one that is no page
 */
export function readResponse(response: HttpResponse, { redact, parseBody, now }: ResponseContext): Page {
  const { status, headers } = response;
  let body: Buffer;
  try {
    body = unpackBody(response.body, headers.get("content-encoding"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RetriableFailure("server", `HTTP status ${status} with a body that can't be unpacked: ${why}`);
  }
  const isTooDeep = nestsTooDeep(body);
  if (status === 200 && isTooDeep)
    throw new RetriableFailure("contract", `lists and objects in it nest deeper than ${MOST_LEVELS} levels`);
  const value = isTooDeep ? undefined : parseBody(body);
  const said = apiMessage(value, body, redact);
  const quote = said === "" ? "" : `: "${said}"`;
  if (status === 200) return readSuccess(value, quote, redact);
  const message = `HTTP status ${status}${quote}`;
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"), headers.get("date"), now());
  const kind = kindOf(status, message);
  if (kind !== undefined) throw new RetriableFailure(kind, message, retryAfterMs);
  if (VERDICTS.includes(status)) throw refused(status, message, isApis(value));
  const to = redact(originOf(headers.get("location")));
  throw new RetriableFailure("contract", `${message}${to}, which its documentation does not know`);
}

/** Whether the API itself has answered: a failure as its documentation has them. */
function isApis(value: unknown): boolean {
  const status = field(value, "status");
  const isKnown = typeof status === "string" && /^(failure|unauthorized)$/i.test(status);
  return isKnown || typeof field(field(value, "message"), "error") === "string";
}

/** A gateway's page says nothing of the keys, and may be gone the next time. */
function refused(status: number, message: string, byApi: boolean): Error {
  if (!byApi) {
    const where = "from a gateway, firewall or proxy and not from the API itself";
    return new RetriableFailure("server", `${message}, ${where}`);
  }
  if (status !== 400) return unauthorized(message);
  if (!isAboutParameters(message)) return refusedRequest(message);
  const sentence = `Browsee refused how this connector asked (${message}). Update the connector; if this stays, report it.`;
  return systemError("request_refused", sentence);
}

/** @param message status and the API's own message, free of secrets */
function unauthorized(message: string): ConnectorError {
  const sentence = `Browsee refused the keys (${message}). Check api_key and secret_key: the secret key is generated in Browsee's settings.`;
  return configError("unauthorized", sentence);
}

/** For something that the configuration holds. @param message as there */
function refusedRequest(message: string): ConnectorError {
  const sentence = `Browsee refused the request (${message}). Check api_key, secret_key and segment_ids.`;
  return configError("request_refused", sentence);
}

/** What kind of failure that may pass a status means, if it does. */
function kindOf(status: number, message: string): FailureKind | undefined {
  if ((status === 400 || status === 403) && isAboutConcurrency(message)) return "busy";
  return PASSING[status] ?? (status >= 500 ? "server" : undefined);
}

/** @param value the body as JSON; undefined where it is none @param quote of the API's message */
function readSuccess(value: unknown, quote: string, redact: Redact): Page {
  if (value === undefined)
    throw new RetriableFailure("server", `HTTP status 200 with a body that is not JSON${quote}`);
  const status = field(value, "status");
  if (typeof status === "string" && status.toLowerCase() !== "success")
    throw failureWithin200(status, quote, redact);
  if (!isPageResponse(value)) {
    const what = `${wrongField()} is missing or not what the API's documentation promises`;
    throw new RetriableFailure("contract", what);
  }
  const { total, data } = value.exports;
  return { rows: data, total: isCount(total) ? total : undefined };
}

/** The field that the last response fell short in, e.g. exports.data or exports.data.3 for a row. */
function wrongField(): string {
  const error = isPageResponse.errors?.[0];
  const missing = error?.params["missingProperty"];
  const path = error?.instancePath.split("/").slice(1) ?? [];
  return [...path, ...(typeof missing === "string" ? [missing] : [])].join(".") || "the answer";
}

/** The documented body of a failure, with the status of a success. */
function failureWithin200(status: string, quote: string, redact: Redact): Error {
  const message = `status ${redact(status).slice(0, 40)} in an answer with HTTP status 200${quote}`;
  if (status.toLowerCase() === "unauthorized") return unauthorized(message);
  if (isAboutConcurrency(message)) return new RetriableFailure("busy", message);
  return isAboutKeys(message) ? refusedRequest(message) : new RetriableFailure("server", message);
}

/** Where a redirect leads, as far as it can be told without what may be in its path. */
function originOf(location: string | undefined): string {
  if (location === undefined) return "";
  const origin = URL.canParse(location) ? new URL(location).origin : "another path";
  return ` and a redirect to ${origin} (not followed: it would carry the keys away)`;
}
