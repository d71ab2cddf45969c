import parseDuration from "parse-duration";
import { parseDate } from "../config.ts";
import { configError } from "../errors.ts";

const DAY_MS = 86_400_000;

/**
 * A date on the command line, as the configuration has it; fractions of a second are cut off.
 * @param option its name, for messages
 * @param text a day or a month (its begin in UTC), a date and time with Z or an offset, `today`, `yesterday`, a time ago
 * (7d, 30 days ago), or a `timestamp` of a session (Unix ms)
 * @param now Unix ms
 * @returns YYYY-MM-DDTHH:mm:ssZ
 * @throws ConnectorError usage
 */
export function parseDateOption(option: string, text: string, now: number): string {
  const ms = instantOf(text.trim(), now);
  const instant = new Date(ms ?? Number.NaN);
  // Years before 0 and after 9999 are written with a sign and six digits.
  if (Number.isNaN(instant.getTime()) || !/^\d{4}-/.test(instant.toISOString())) {
    const sentence = `${option} must be a date like 2024-01-31 or 2024-01, a date and time like 2024-01-31T00:00:00Z, or a time ago like 7d, 12h or yesterday.`;
    throw configError("usage", sentence);
  }
  return `${instant.toISOString().slice(0, 19)}Z`;
}

function instantOf(text: string, now: number): number | undefined {
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  if (/^today$/i.test(text)) return today;
  if (/^yesterday$/i.test(text)) return today - DAY_MS;
  // The seconds of 2001 to 2286 have ten digits, and ms three more.
  if (/^\d{13}$/.test(text)) return Number(text);
  return parseDate(text) ?? timeAgo(text, now);
}

function timeAgo(text: string, now: number): number | undefined {
  const [, duration] = /^(\d+(?:\.\d+)?\s*[a-z]+)(?:\s+ago)?$/i.exec(text) ?? [];
  // A month to some, a minute to others.
  if (duration === undefined || /[\d\s]M$/.test(duration)) return undefined;
  const ms = parseDuration(duration);
  return ms === null ? undefined : now - ms;
}
