import { field } from "../json.ts";
import type { Redact } from "../redact.ts";

/** Enough of a message to tell a person what it is about. */
const MOST = 500;
/** So much of a body that is not JSON is looked at. */
const EXCERPT = 4000;

/**
 * The message of a response that is no page: message.error where the documentation has it, or whatever stands in its
 * place; of HTML the title or the text.
 * @param value the body as JSON; undefined where it is none
 * @returns one line without secrets; "" where there is nothing to quote
 */
export function apiMessage(value: unknown, body: Buffer, redact: Redact): string {
  const message = value === undefined ? textOf(body.subarray(0, EXCERPT).toString()) : statedMessage(value);
  return redact(message)
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim()
    .slice(0, MOST);
}

function statedMessage(value: unknown): string {
  if (typeof value === "string") return value;
  const message = field(value, "message");
  const candidates = [field(message, "error"), message, field(value, "error"), field(message, "message")];
  return candidates.find((text) => typeof text === "string") ?? "";
}

/** @param source of an HTML page, or plain text */
function textOf(source: string): string {
  if (!/^\s*</.test(source)) return source.slice(0, MOST);
  const title = /<title[^>]*>([^<]*)/i.exec(source)?.[1];
  return title ?? source.replaceAll(/<(script|style)\b[\s\S]*?(<\/\1>|$)|<[^>]*(>|$)/gi, " ");
}

const OPEN_REQUEST = [
  /\b(another|other|concurrent|simultaneous|parallel|multiple|previous)\b.{0,30}\b(requests?|exports?|quer(y|ies)|connections?)\b/i,
  /\b(requests?|exports?)\b.{0,30}\b(already|still)\b.{0,20}\b(open|running|pending|in progress|processed|active)\b/i,
  /\balready\b.{0,20}\b(open|running|pending|in progress|being processed|active)\b/i,
  /\b(only )?one (open |active )?(request|export) (at a time|is allowed|allowed|per)\b/i,
  /\bonly one (open |active )?(request|export)\b/i,
  /\bopen requests?\b|\brate.?limit|\btoo many\b|\bthrottl|\bquota\b|\bslow down\b/i,
];

/** Whether a message says that another request is open, or that requests come too fast. */
export function isAboutConcurrency(message: string): boolean {
  return OPEN_REQUEST.some((pattern) => pattern.test(message));
}

/** Whether a message finds fault with what the configuration holds. */
export function isAboutKeys(message: string): boolean {
  return /\b(api.?key|secret.?key|segment|account|project)\b.{0,40}\b(missing|invalid|not found|unknown|wrong|expired|revoked|disabled|required)\b/i.test(
    message,
  );
}

const NAME = "[\"'`]?\\b(?:start|end|from|limit|offset|options|select)\\b[\"'`]?";
const OUR_FAULT = [
  new RegExp(
    `${NAME}(?:\\W{0,3}\\w+){0,3}?\\s+(?:is not|must|should|has to|can ?not|can't|may not|exceeds|is (?:greater|larger|too|less|missing|required|invalid|out))\\b`,
    "i",
  ),
  new RegExp(
    `\\b(?:invalid|bad|wrong|malformed|unknown|unexpected|unsupported|missing)(?: \\w+){0,3}?:? ${NAME}`,
    "i",
  ),
  /\b(?:json|content.?type|request body)\b|\bbody is\b/i,
];

/** Whether a message finds fault with a parameter that this program chose, not the user. */
export function isAboutParameters(message: string): boolean {
  return OUR_FAULT.some((pattern) => pattern.test(message));
}
