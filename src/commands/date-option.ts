import parseDuration from "parse-duration";
import { configError } from "../errors.ts";

/**
 * A date on the command line, as the configuration has it.
 * @param option its name, for messages
 * @param text a date (2024-01-31, the day's start in UTC), a date and time in UTC (2024-01-31T00:00:00Z), or a time
 * ago (7d, 12h)
 * @param now Unix ms
 * @returns YYYY-MM-DDTHH:mm:ssZ
 * @throws ConnectorError usage
 */
export function parseDateOption(option: string, text: string, now: number): string {
  const instant = instantOf(text.trim(), now);
  if (instant === undefined || Number.isNaN(instant.getTime())) {
    const sentence = `${option} must be a date like 2024-01-31, a date and time in UTC like 2024-01-31T00:00:00Z, or a time ago like 7d or 12h.`;
    throw configError("usage", sentence);
  }
  return `${instant.toISOString().slice(0, 19)}Z`;
}

function instantOf(text: string, now: number): Date | undefined {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return existing(`${text}T00:00:00Z`);
  if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text)) return existing(text);
  if (!/^\d+(\.\d+)?\s*[a-z]+$/i.test(text)) return undefined;
  // A month to some, a minute to others.
  if (/[\d\s]M$/.test(text)) return undefined;
  const ms = parseDuration(text);
  return ms === null ? undefined : new Date(now - ms);
}

/** Date takes the 31st of February for a day in March. */
function existing(iso: string): Date | undefined {
  const date = new Date(iso);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso.slice(0, 10)) ? date : undefined;
}
