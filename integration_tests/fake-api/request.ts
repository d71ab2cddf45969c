import { isObject } from "./json.ts";

/** A request as it arrives: the keys apart, so that nothing that is kept or logged holds them. */
export interface ReceivedBody {
  readonly apiKey: unknown;
  readonly secretKey: unknown;
  /** All other fields. */
  readonly rest: Readonly<Record<string, unknown>>;
}

/** A request whose parameters have the documented form. Absent ones are undefined, and so are those that are 0. */
export interface ExportRequest {
  /** Unix seconds. */
  readonly start: number | undefined;
  /** Unix seconds. */
  readonly end: number | undefined;
  /** Rows before the page. */
  readonly from: number;
  /** The page's length as asked for. */
  readonly limit: number | undefined;
  readonly segmentId: string | undefined;
  /** `options.select`; a `select` elsewhere counts for nothing. */
  readonly select: readonly string[] | undefined;
}

/** Either the request, or what is wrong with it in words for the answer. */
export type Checked =
  | { readonly request: ExportRequest; readonly problem?: never }
  | { readonly problem: string; readonly request?: never };

const NO_BODY: ReceivedBody = { apiKey: undefined, secretKey: undefined, rest: {} };

/** Parses a body; an empty one counts as `{}`. Gives `undefined` if it is not a JSON object. */
export function parseBody(text: string): ReceivedBody | undefined {
  if (text.trim() === "") return NO_BODY;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  const { apiKey, secretKey, ...rest } = parsed;
  return { apiKey, secretKey, rest };
}

const INTEGERS = ["start", "end", "from", "limit"] as const;

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isStrings(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((element) => typeof element === "string");
}

/** 0 is no value to a server that writes `start || default`. */
function given(value: unknown): number | undefined {
  return isWhole(value) && value !== 0 ? value : undefined;
}

function problemOfKey(name: string, key: unknown): string | undefined {
  if (key === undefined || key === null || key === "") return `${name} missing.`;
  return typeof key === "string" ? undefined : `${name} is not a string.`;
}

function problemOfOptions(options: unknown): string | undefined {
  if (options === undefined) return undefined;
  if (!isObject(options)) return "options is not an object.";
  const { select } = options;
  return select === undefined || isStrings(select) ? undefined : "options.select is not a list of strings.";
}

function problemOf({ apiKey, secretKey, rest }: ReceivedBody): string | undefined {
  const ofKeys = problemOfKey("API Key", apiKey) ?? problemOfKey("Secret Key", secretKey);
  if (ofKeys !== undefined) return ofKeys;
  const wrong = INTEGERS.find((name) => rest[name] !== undefined && !isWhole(rest[name]));
  if (wrong !== undefined) return `${wrong} is not a non-negative integer.`;
  const { segmentId, options } = rest;
  if (segmentId !== undefined && typeof segmentId !== "string") return "segmentId is not a string.";
  return problemOfOptions(options);
}

/**
 * Checks a request's parameters as the documentation describes them.
 * @param body undefined if it was not a JSON object
 */
export function checkRequest(body: ReceivedBody | undefined): Checked {
  if (body === undefined) return { problem: "Body is not a JSON object." };
  const problem = problemOf(body);
  if (problem !== undefined) return { problem };
  const { start, end, from, limit, segmentId, options } = body.rest;
  const select = isObject(options) ? options["select"] : undefined;
  return {
    request: {
      start: given(start),
      end: given(end),
      from: given(from) ?? 0,
      limit: given(limit),
      segmentId: typeof segmentId === "string" ? segmentId : undefined,
      select: isStrings(select) ? select : undefined,
    },
  };
}
