import { ConnectorError } from "../errors.ts";
import { isAnswer } from "../generated/validators.js";
import type { Redact } from "../redact.ts";
import { quoteBigIntegers } from "./big-integers.ts";
import type { Page, Row } from "./page.ts";
import { parseRetryAfter } from "./retry.ts";
import type { Failure, Refusal, Trouble } from "./trouble.ts";

/** An HTTP answer, read whole. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** A page, or why there is none. */
export type Answer = { readonly ok: true; readonly page: Page } | Failure;

const CONCURRENCY =
  /(another|concurrent|simultaneous|parallel|already|one)\b.{0,40}\b(requests?|exports?|open|running|progress)|open request|rate.?limit|too many|throttl/i;
const OUR_PARAMETERS = /\b(start|end|from|limit|offset|options?|select|body|json|content.?type)\b/i;

/**
 * What an HTTP answer means, after the API's documentation: "200: OK", "400: Bad Request", "401: Unauthorized".
 * @param now Unix ms, for a Retry-After that is a date
 */
export function readAnswer(raw: RawAnswer, redact: Redact, now: number): Answer {
  const body = parse(raw.text);
  if (raw.status === 200) return readSuccess(raw, body, redact);
  const words = redact(apiWords(body) ?? `HTTP status ${raw.status}`).slice(0, 500);
  if (raw.status === 401 || raw.status === 403) return unauthorized(words);
  const retryAfterMs = parseRetryAfter(header(raw, "retry-after"), now);
  const wait = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (raw.status === 429 || ([400, 409, 423].includes(raw.status) && CONCURRENCY.test(words))) {
    return { ok: false, kind: "busy", words, ...wait };
  }
  if (raw.status >= 500 || raw.status === 408 || raw.status === 425) {
    return { ok: false, kind: "server", words, ...wait };
  }
  return refused(raw.status, words);
}

function readSuccess(raw: RawAnswer, body: unknown, redact: Redact): Answer {
  if (body === undefined) {
    const start = redact(raw.text.slice(0, 80)).replaceAll(/\s+/g, " ");
    return { ok: false, kind: "server", words: `HTTP status 200 with a body that is not JSON: ${start}` };
  }
  if (isPageAnswer(body)) {
    const { total, data } = body.exports;
    return { ok: true, page: { rows: data, total: isCount(total) ? total : undefined } };
  }
  const path = isAnswer.errors?.[0]?.instancePath.slice(1).replaceAll("/", ".");
  return (
    failureWithin200(body, redact) ?? contractBroken(path === undefined || path === "" ? "exports" : path)
  );
}

function failureWithin200(body: unknown, redact: Redact): Failure | undefined {
  const status = field(body, "status");
  const words = redact(apiWords(body) ?? `status ${JSON.stringify(status)}`).slice(0, 500);
  if (status === "unauthorized") return unauthorized(words);
  if (status === undefined || status === "success") return undefined;
  return { ok: false, kind: CONCURRENCY.test(words) ? "busy" : "server", words };
}

function contractBroken(path: string): Trouble {
  return {
    ok: false,
    kind: "contract",
    words: `${path} is missing or not what the API's documentation promises`,
  };
}

function unauthorized(words: string): Refusal {
  return refusal(
    "unauthorized",
    "config_error",
    `Browsee refused the keys: "${words}". Check api_key and secret_key.`,
  );
}

function refused(status: number, words: string): Refusal {
  if (status === 400 && !OUR_PARAMETERS.test(words)) {
    const advice = "Check api_key, secret_key and segment_ids.";
    return refusal("request_refused", "config_error", `Browsee refused the request: "${words}". ${advice}`);
  }
  const message = `Browsee answered a request with HTTP status ${status}: "${words}". Check api_url; if it is right, report this.`;
  return refusal("request_refused", "system_error", message);
}

function refusal(
  code: "unauthorized" | "request_refused",
  failureType: "config_error" | "system_error",
  message: string,
): Refusal {
  return { ok: false, kind: "refused", error: new ConnectorError({ code, failureType, message }) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(quoteBigIntegers(text));
  } catch {
    // Not JSON is an answer too: the caller tells it from the status.
    return undefined;
  }
}

function isPageAnswer(body: unknown): body is { exports: { total?: unknown; data: Row[] } } {
  return isAnswer(body) && [undefined, "success"].includes(statusOf(body));
}

function statusOf(body: unknown): string | undefined {
  const status = field(body, "status");
  return typeof status === "string" ? status : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

/** The API's own words in a failure: message.error. */
function apiWords(body: unknown): string | undefined {
  const message = field(body, "message");
  const words = field(message, "error") ?? message;
  return typeof words === "string" ? words : undefined;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? Reflect.get(value, name) : undefined;
}

function header(raw: RawAnswer, name: string): string | undefined {
  const value = raw.headers[name];
  return typeof value === "string" ? value : value?.[0];
}
