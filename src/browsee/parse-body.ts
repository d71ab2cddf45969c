import { isObject } from "../json-value.ts";
import type { KeyMask } from "./key-mask.ts";
import { quoteLargeNumbers } from "./large-numbers.ts";
import type { RowText } from "./page.ts";
import { type RowSpan, scanJson } from "./scan-json.ts";

const COMMA = ",".charCodeAt(0);
/** Stands for the rows while what lies around them is parsed. */
const MARKER = "the rows";

/** A body as JSON. */
export interface Parsed {
  /** undefined for what is not JSON, or nests too deep to be a page. */
  readonly value: unknown;
  /** For each row of a page its own text; undefined where that is not what was understood. Empty where none is known. */
  readonly texts: readonly (RowText | undefined)[];
}

/** Parses a body so that no number is rounded and no key is let through. */
export function parseBody(body: Buffer, mask: KeyMask): Parsed {
  const { rows, largeNumbers } = scanJson(body);
  const suspected = mask.suspects(body);
  const page = largeNumbers || suspected ? undefined : parsePage(body, rows);
  if (page !== undefined) return page;
  try {
    const text = body.toString();
    const value: unknown = JSON.parse(largeNumbers ? quoteLargeNumbers(text) : text);
    return { value: suspected ? mask.clean(value) : value, texts: [] };
  } catch {
    // Not JSON is an answer too: the caller tells it from the status.
    return { value: undefined, texts: [] };
  }
}

/**
 * The parts of a body parsed one by one. If every row is JSON by itself, with just commas between, and what lies around
 * them is an answer with one value in their place, then the body is that answer with those rows.
 * @returns undefined where it is not so
 */
function parsePage(body: Buffer, spans: readonly RowSpan[]): Parsed | undefined {
  const end = spans.at(-1)?.end;
  if (end === undefined || !areJoined(body, spans)) return undefined;
  try {
    const before = body.toString("utf8", 0, spans[0]?.start);
    const behind = body.toString("utf8", end);
    if (mayHold(before + behind, MARKER)) return undefined;
    const around: unknown = JSON.parse(`${before}"${MARKER}"${behind}`);
    if (!isAround(around)) return undefined;
    const texts = spans.map((span) => body.toString("utf8", span.start, span.end));
    around.exports.data = texts.map((text): unknown => JSON.parse(text));
    return { value: around, texts: texts.map((json, n) => rowText(json, spans[n])) };
  } catch {
    return undefined;
  }
}

/** A letter by its number may be half of one: those are left to JSON.stringify. */
function rowText(json: string, span: RowSpan | undefined): RowText | undefined {
  return span?.plain && !json.includes("\\u") ? { json, fields: span.fields } : undefined;
}

/** Whether a text is in JSON, or could be with some of its letters written by their numbers. */
function mayHold(json: string, text: string): boolean {
  return json.includes(text) || json.includes("\\");
}

function areJoined(body: Buffer, spans: readonly RowSpan[]): boolean {
  return spans.every(({ end }, n) => {
    const next = spans[n + 1]?.start;
    return next === undefined || (next === end + 1 && body[end] === COMMA);
  });
}

function isAround(value: unknown): value is { exports: { data: unknown } } {
  if (!isObject(value) || !isObject(value["exports"])) return false;
  const { data } = value["exports"];
  return Array.isArray(data) && data.length === 1 && data[0] === MARKER;
}
