/** 62300 as 62,300. */
export function countText(count: number): string {
  return Math.round(count).toLocaleString("en");
}

/** What a stream's records are called. */
export interface Noun {
  readonly one: string;
  readonly many: string;
}

/** A number of things, e.g. "1 session", "2,000 sessions". */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}

/**
 * A length of time as people say it: "0.4 s", "12 s", "3 min 20 s", "2 h 5 min".
 * @param digits behind the point, below ten seconds
 */
export function durationText(ms: number, digits: 0 | 1 = 1): string {
  const seconds = ms / 1000;
  if (seconds < 9.95 && digits > 0) return `${seconds.toFixed(digits)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The day of an instant, UTC: YYYY-MM-DD. @param ms Unix ms, of the years 1 to 9999 */
export function dayText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
