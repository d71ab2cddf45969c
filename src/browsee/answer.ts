import { isAnswer } from "../generated/validators.js";
import { field, isCount } from "../json-value.ts";
import type { Redact } from "../redact.ts";
import { apiWords, isAboutConcurrency, isAboutKeys, isAboutParameters } from "./api-words.ts";
import { unpackBody } from "./body.ts";
import type { HttpResponse } from "./http.ts";
import type { KeyMask } from "./key-mask.ts";
import type { Fields, Page } from "./page.ts";
import { MOST_LEVELS, nestsTooDeep, parseBody } from "./parse-body.ts";
import { misused, refusedRequest, unauthorized } from "./refusal.ts";
import { parseRetryAfter } from "./retry.ts";
import type { Failure, Trouble, TroubleKind } from "./trouble.ts";

/** A page, or why there is none. */
export type Answer = { readonly ok: true; readonly page: Page } | Failure;

/** What reading an answer takes. */
export interface AnswerReading {
  readonly redact: Redact;
  readonly mask: KeyMask;
  /** Unix ms, for a Retry-After that is a date in an answer without one. */
  readonly now: () => number;
}

/** What the API says while it can't answer for now; 504 and 524 are a gateway's that stopped waiting for it. */
const PASSING: Readonly<Record<number, TroubleKind>> = {
  408: "server",
  409: "busy",
  423: "busy",
  425: "server",
  429: "busy",
  504: "cut",
  524: "cut",
};

/** Verdicts on the keys and the request, where the API itself gives them. */
const REFUSALS: readonly number[] = [400, 401, 403];

/** What an HTTP answer means, after the API's documentation: "200: OK", "400: Bad Request", "401: Unauthorized". */
export function readAnswer(raw: HttpResponse, { redact, mask, now }: AnswerReading): Answer {
  const { status } = raw;
  let body: Buffer;
  try {
    body = unpackBody(raw.body, raw.headers.get("content-encoding"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return trouble("server", `HTTP status ${status} with a body that can't be unpacked: ${why}`);
  }
  const isTooDeep = nestsTooDeep(body);
  if (status === 200 && isTooDeep)
    return trouble("contract", `lists and objects in it nest deeper than ${MOST_LEVELS} levels`);
  const value = isTooDeep ? undefined : parseBody(body, mask);
  if (status === 200) return readSuccess(value, body, redact);
  const words = `HTTP status ${status}${quoted(apiWords(value, body, redact))}`;
  const retryAfterMs = parseRetryAfter(raw.headers.get("retry-after"), raw.headers.get("date"), now());
  const kind = kindOf(status, words);
  if (kind !== undefined)
    return { ...trouble(kind, words), ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (REFUSALS.includes(status)) return isApis(value) ? refused(status, words) : fromBetween(words);
  const to = redact(originOf(raw.headers.get("location")));
  return trouble("contract", `${words}${to}, which its documentation does not know`);
}

/** Whether the API itself has answered: a failure as its documentation has them. */
function isApis(value: unknown): boolean {
  const status = field(value, "status");
  const isKnown = typeof status === "string" && /^(failure|unauthorized)$/i.test(status);
  return isKnown || typeof field(field(value, "message"), "error") === "string";
}

function refused(status: number, words: string): Failure {
  if (status !== 400) return unauthorized(words);
  return isAboutParameters(words) ? misused(words) : refusedRequest(words);
}

/** A gateway's page says nothing of the keys, and may be gone the next time. */
function fromBetween(words: string): Trouble {
  return trouble("server", `${words}, from a gateway, firewall or proxy and not from the API itself`);
}

/** What kind of passing trouble a status means, if it does. */
function kindOf(status: number, words: string): TroubleKind | undefined {
  if ((status === 400 || status === 403) && isAboutConcurrency(words)) return "busy";
  return PASSING[status] ?? (status >= 500 ? "server" : undefined);
}

function readSuccess(value: unknown, body: Buffer, redact: Redact): Answer {
  if (value === undefined) {
    return trouble(
      "server",
      `HTTP status 200 with a body that is not JSON${quoted(apiWords(value, body, redact))}`,
    );
  }
  const status = field(value, "status");
  if (typeof status === "string" && status.toLowerCase() !== "success") {
    return failureWithin200(status, value, body, redact);
  }
  if (isPage(value)) {
    const { total, data } = value.exports;
    return { ok: true, page: { rows: data, total: isCount(total) ? total : undefined } };
  }
  return trouble("contract", `${wrongField()} is missing or not what the API's documentation promises`);
}

/** The field that the last answer fell short in, e.g. exports.data or exports.data.3 for a row. */
function wrongField(): string {
  const error = isAnswer.errors?.[0];
  const missing = error?.params["missingProperty"];
  const path = error?.instancePath.split("/").slice(1) ?? [];
  return [...path, ...(typeof missing === "string" ? [missing] : [])].join(".") || "the answer";
}

/** The documented body of a failure, with the status of a success. */
function failureWithin200(status: string, value: unknown, body: Buffer, redact: Redact): Failure {
  const words = `status ${redact(status).slice(0, 40)} in an answer with HTTP status 200${quoted(apiWords(value, body, redact))}`;
  if (status.toLowerCase() === "unauthorized") return unauthorized(words);
  if (isAboutConcurrency(words)) return trouble("busy", words);
  return isAboutKeys(words) ? refusedRequest(words) : trouble("server", words);
}

function trouble(kind: TroubleKind, words: string): Trouble {
  return { ok: false, kind, words };
}

function quoted(words: string): string {
  return words === "" ? "" : `: "${words}"`;
}

/** Where a redirect leads, as far as it can be told without what may be in its path. */
function originOf(location: string | undefined): string {
  if (location === undefined) return "";
  const origin = URL.canParse(location) ? new URL(location).origin : "another path";
  return ` and a redirect to ${origin} (not followed: it would carry the keys away)`;
}

function isPage(value: unknown): value is { exports: { total?: unknown; data: readonly Fields[] } } {
  return isAnswer(value);
}
