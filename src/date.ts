const DATE =
  /^(\d{4}-\d{2})(-\d{2})?$|^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * The instant of a date as ISO 8601 writes it: a month or a day (its begin in UTC), or a date and time with Z or an
 * offset, to the second or finer.
 * @returns Unix ms; undefined for any other text, and for a day or a time that does not exist
 */
export function parseDate(text: string): number | undefined {
  const [, month, monthDay = "-01", day = `${month}${monthDay}`] = DATE.exec(text) ?? [];
  const begin = new Date(`${day}T00:00:00Z`);
  // Date takes the 31st of February for a day in March.
  if (Number.isNaN(begin.getTime()) || !begin.toISOString().startsWith(day)) return undefined;
  const ms = text.includes("T") ? Date.parse(text) : begin.getTime();
  // A leap second has the form of a time, but Unix time has no number for it.
  return Number.isNaN(ms) ? undefined : ms;
}
