import { isObject } from "./fake-api/json.ts";

/**
 * Holds a stream_state against the contract's form: the cursor of one set, or those of several.
 * @throws Error if it has another
 */
export function checkStateBlob(blob: Readonly<Record<string, unknown>>): void {
  const { states } = blob;
  if (Array.isArray(states)) states.forEach(checkEntry);
  else checkCursor(blob);
}

function checkEntry(entry: unknown): void {
  if (!isObject(entry) || !isObject(entry["partition"]))
    throw new Error(`no partition: ${JSON.stringify(entry)}`);
  checkCursor(entry["cursor"]);
}

function checkCursor(cursor: unknown): void {
  if (!isObject(cursor) || !isCount(cursor["timestamp"]))
    throw new Error(`no cursor: ${JSON.stringify(cursor)}`);
  const { slice } = cursor;
  if (slice === undefined) return;
  const { start, end, offset, total } = isObject(slice) ? slice : {};
  const whole = isCount(start) && isCount(end) && isCount(offset) && isCount(total);
  if (!whole || start >= end || offset > total) throw new Error(`no slice: ${JSON.stringify(slice)}`);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
