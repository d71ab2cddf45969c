import { MASK } from "../redact.ts";

/** Whatever is deeper is in no record. */
const MOST_LEVELS = 1000;
/** Shorter keys are not looked for in data: they would be found everywhere. */
const LEAST = 8;
/** With it the number of a letter of ASCII begins. */
const NUMBER = Buffer.from("\\u00");

/** Takes the keys out of responses of the API that echo them. */
export type KeyMask = ReturnType<typeof createKeyMask>;

/** @param keys those of fewer than 8 characters are left alone */
export function createKeyMask(keys: readonly string[]) {
  const long = [...new Set(keys.filter((key) => key.length >= LEAST).flatMap(asWritten))];
  const needles = long.map((key) => Buffer.from(key));
  const letters = new Set(Buffer.from(long.join("")));
  const mayHide = long.every(isPlain)
    ? (body: Buffer) => hasNumberOf(letters, body)
    : (body: Buffer) => body.includes("\\");
  return {
    /** Whether a key may stand in a body, as it is or escaped as JSON; without doubt not where false. */
    suspects: (body: Buffer) => needles.some((needle) => body.includes(needle)) || mayHide(body),
    /** Parsed JSON with each key in texts and names masked. */
    clean: (value: unknown) => clean(value, long),
  };
}

/** Whether a letter of ASCII is written by its number, as \u00xx. */
function hasNumberOf(letters: ReadonlySet<number>, body: Buffer): boolean {
  for (let at = body.indexOf(NUMBER); at >= 0; at = body.indexOf(NUMBER, at + 1)) {
    const digits = body.toString("latin1", at + NUMBER.length, at + NUMBER.length + 2);
    if (letters.has(Number.parseInt(digits, 16))) return true;
  }
  return false;
}

/** As it is, and as a URL shows it; the longer first, for it may contain the other. */
function asWritten(key: string): readonly string[] {
  const text = Buffer.from(key).toString();
  return [encodeURIComponent(text), text];
}

/** Letters and digits can only hide behind their numbers; what else a key may hold has shorter escapes too. */
function isPlain(key: string): boolean {
  return /^[\w.~:+=%-]*$/.test(key);
}

function clean(value: unknown, keys: readonly string[], levels = MOST_LEVELS): unknown {
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
