import { MASK } from "../redact.ts";

/** Whatever is deeper is in no record. */
const MOST_LEVELS = 1000;
/** Shorter keys are not looked for in data: they would be found everywhere. */
const LEAST = 8;

/** Takes the keys out of what a response of the API holds that echoes them. */
export type KeyMask = ReturnType<typeof createKeyMask>;

/** @param keys those of fewer than 8 characters are left alone */
export function createKeyMask(keys: readonly string[]) {
  const forms = [...new Set(keys.filter((key) => key.length >= LEAST).flatMap(asWritten))];
  /** @returns a value that was parsed from a body, with each key in its texts and names masked */
  return (value: unknown, body: Buffer): unknown => {
    // Behind an escape a key looks otherwise; without any it stands in the body as it is.
    const isSuspect = body.includes("\\") || forms.some((form) => body.includes(form));
    return isSuspect ? clean(value, forms) : value;
  };
}

/** As it is, and as a URL shows it; the longer first, for it may contain the other. */
function asWritten(key: string): readonly string[] {
  const text = Buffer.from(key).toString();
  return [encodeURIComponent(text), text];
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
