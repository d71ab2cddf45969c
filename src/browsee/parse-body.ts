import { isUtf8 } from "node:buffer";
import { isObject } from "../json-value.ts";
import type { KeyMask } from "./key-mask.ts";
import { quoteLargeNumbers } from "./large-numbers.ts";
import type { Row } from "./page.ts";
import type { RowLayout } from "./row-layout.ts";
import { type ScannedRows, scanRows } from "./scan-rows.ts";

/** Stands for the rows while what lies around them is parsed. */
const MARKER = "the rows";

/** A body as JSON. */
export interface Parsed {
  /** undefined for what is not JSON, or nests too deep to be a page. */
  readonly value: unknown;
  /** The rows that exports.data holds, where they were taken apart: then it is empty in `value`. */
  readonly rows?: readonly Row[];
}

/**
 * Parses a body so that no number is rounded and no key is let through.
 * @param layout what rows are expected to have, so that they need not be parsed; undefined parses them all
 */
export function parseBody(body: Buffer, layout: RowLayout | undefined, mask: KeyMask): Parsed {
  const suspected = mask.suspects(body);
  const scannable = layout !== undefined && !suspected && isUtf8(body);
  const page = scannable ? parsePage(body, layout) : undefined;
  if (page !== undefined) return page;
  try {
    const value: unknown = JSON.parse(quoteLargeNumbers(body.toString()));
    return { value: suspected ? mask.clean(value) : value };
  } catch {
    // Not JSON is an answer too: the caller tells it from the status.
    return { value: undefined };
  }
}

/**
 * The parts of a body one by one. If every row is JSON by itself, with just commas between, and what lies around them is
 * an answer with one value in their place, then the body is that answer with those rows.
 * @returns undefined where it is not so
 */
function parsePage(body: Buffer, layout: RowLayout): Parsed | undefined {
  try {
    const scanned = scanRows(body, layout);
    const around = scanned && parseAround(body, scanned);
    if (scanned === undefined || !isAround(around)) return undefined;
    around.exports.data = [];
    return { value: around, rows: scanned.rows };
  } catch {
    return undefined;
  }
}

function parseAround(body: Buffer, { start, end }: ScannedRows): unknown {
  const before = body.toString("utf8", 0, start);
  const behind = body.toString("utf8", end);
  return mayHold(before + behind, MARKER)
    ? undefined
    : JSON.parse(quoteLargeNumbers(`${before}"${MARKER}"${behind}`));
}

/** Whether a text is in JSON, or could be with some of its letters written by their numbers. */
function mayHold(json: string, text: string): boolean {
  return json.includes(text) || json.includes("\\");
}

function isAround(value: unknown): value is { exports: { data: unknown } } {
  if (!isObject(value) || !isObject(value["exports"])) return false;
  const { data } = value["exports"];
  return Array.isArray(data) && data.length === 1 && data[0] === MARKER;
}
