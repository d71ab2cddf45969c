const DATE =
  /^(\d{4}-\d{2})(-\d{2})?$|^(\d{4}-\d{2}-\d{2})[T ]((?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?)(Z|[+-]\d{2}(?::\d{2})?)$/i;

/**
 * The instant of a date as ISO 8601 or a database writes it: a month or a day (its begin in UTC), or a date and time with
 * Z or an offset, to the second or finer.
 * @returns Unix ms; undefined for any other text, and for a day or a time that does not exist
 */
export function parseDate(text: string): number | undefined {
  const [, month, monthDay = "-01", day = `${month}${monthDay}`, time, zone = ""] = DATE.exec(text) ?? [];
  const begin = new Date(`${day}T00:00:00Z`);
  // Date takes the 31st of February for a day in March.
  if (Number.isNaN(begin.getTime()) || !begin.toISOString().startsWith(day)) return undefined;
  const offset = zone.length === 3 ? `${zone}:00` : zone;
  const ms = time === undefined ? begin.getTime() : Date.parse(`${day}T${time}${offset}`);
  // A leap second has the form of a time, but Unix time has no number for it.
  return Number.isNaN(ms) ? undefined : ms;
}
