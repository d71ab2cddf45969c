import { MASK } from "../redact.ts";

/** What parsing takes grows with the depth. A value that nests less, and deeper than readers take, is null in its record. */
export const MOST_LEVELS = 100_000;
/** Whatever is deeper is in no record, and is masked where a key may be in it. */
const MOST_MASKED_LEVELS = 1000;
/** Shorter keys are not looked for in data: they would be found everywhere. */
const LEAST_KEY = 8;
/** A key that JSON escapes by the numbers of its letters alone, if at all. */
const PLAIN = /^[\w.~:+=%-]*$/;
const ESCAPED_ASCII = /\\u00[2-7]/;
/** Whether a number that parsing would lose may stand anywhere; most often there is none. */
const SUSPECT = /(?:^|[:[,])\s*-?(?:\d{16}|[\d.]+[eE][+-]?\d+\s*(?:[\]},]|$))/;

/**
 * Whether lists and objects in a body nest deeper than in any page.
 * @param body JSON; nothing is promised for what is none
 */
export function nestsTooDeep(body: Buffer): boolean {
  // Each level takes two bytes: a page has fewer than that.
  if (body.length <= 2 * MOST_LEVELS) return false;
  // A letter for each byte: what is looked for is ASCII.
  const json = body.toString("latin1");
  let levels = 0;
  for (let at = 0; at < json.length && levels <= MOST_LEVELS; at += 1) {
    const letter = json[at];
    if (letter === '"') at = endOfText(json, at) - 1;
    else if (letter === "[" || letter === "{") levels += 1;
    else if (letter === "]" || letter === "}") levels -= 1;
  }
  return levels > MOST_LEVELS;
}

/** Parses a body; undefined for what is not JSON. */
export type ParseBody = (body: Buffer) => unknown;

/**
 * How bodies are parsed so that no number is rounded and no key is let through that the API echoes.
 * @param keys those of fewer than 8 characters are left alone
 */
export function createBodyParser(keys: readonly string[]): ParseBody {
  const forms = [...new Set(keys.filter((key) => key.length >= LEAST_KEY).flatMap(asWritten))];
  // To walk a page takes longer than to parse it, and most pages escape something.
  const escapes = forms.every((form) => PLAIN.test(form)) ? ESCAPED_ASCII : /\\/;
  return (body) => {
    try {
      const text = body.toString();
      const value: unknown = JSON.parse(quoteLargeNumbers(text));
      const isSuspect = escapes.test(text) || forms.some((form) => text.includes(form));
      return isSuspect ? clean(value, forms) : value;
    } catch {
      // Not JSON is a response too: the caller tells it from the status.
      return undefined;
    }
  };
}

/** As it is, and as a URL shows it; the longer first, for it may contain the other. */
function asWritten(key: string): readonly string[] {
  const text = Buffer.from(key).toString();
  return [encodeURIComponent(text), text];
}

function clean(value: unknown, keys: readonly string[], levels = MOST_MASKED_LEVELS): unknown {
  if (typeof value === "string") return masked(value, keys);
  if (typeof value === "number") return keys.includes(String(value)) ? MASK : value;
  if (typeof value !== "object" || value === null) return value;
  if (levels === 0) return MASK;
  const inside = (item: unknown) => clean(item, keys, levels - 1);
  if (Array.isArray(value)) return value.map(inside);
  const fields = Object.entries(value).map(([name, field]) => [masked(name, keys), inside(field)]);
  return Object.fromEntries(fields);
}

function masked(text: string, keys: readonly string[]): string {
  return keys.reduce((rest, key) => rest.replaceAll(key, MASK), text);
}

/**
 * JSON text with every number in quotes that parsing would lose: integers beyond 2^53, and what is beyond any double.
 * @param text JSON
 */
export function quoteLargeNumbers(text: string): string {
  if (!SUSPECT.test(text)) return text;
  /** Where a text begins, or a number. */
  const token = /"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  const parts: string[] = [];
  let copied = 0;
  for (let found = token.exec(text); found !== null; found = token.exec(text)) {
    if (found[0] === '"') {
      // Not by a pattern: one for a whole text with many escapes in it exceeds the stack.
      token.lastIndex = endOfText(text, found.index);
    } else if (isLost(found[0])) {
      parts.push(text.slice(copied, found.index), `"${found[0]}"`);
      copied = token.lastIndex;
    }
  }
  return parts.length === 0 ? text : parts.join("") + text.slice(copied);
}

function isLost(digits: string): boolean {
  const number = Number(digits);
  return !Number.isFinite(number) || (!Number.isSafeInteger(number) && /^-?\d+$/.test(digits));
}

/** Where a text of JSON is over: behind its last quote. @param start where its first quote stands */
function endOfText(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let escapes = 0;
    while (text[at - 1 - escapes] === "\\") escapes += 1;
    if (escapes % 2 === 0) return at + 1;
  }
  return text.length;
}
