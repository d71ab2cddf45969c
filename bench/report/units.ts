/** Seconds, from ms, with as many digits as tell something. */
export function seconds(ms: number): string {
  const value = ms / 1000;
  return `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

/** A length of time for people, from ms. */
export function duration(ms: number): string {
  const minutes = ms / 60_000;
  if (minutes < 2) return `${(ms / 1000).toFixed(0)} s`;
  if (minutes < 120) return `${minutes.toFixed(0)} min`;
  return `${(minutes / 60).toFixed(1)} h`;
}

/** An integer with its thousands apart. */
export function integer(value: number): string {
  return Math.round(value).toLocaleString("en");
}

/** Millions, e.g. "3.4 M". */
export function millions(value: number): string {
  return `${(value / 1e6).toFixed(1)} M`;
}
