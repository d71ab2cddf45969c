import { paint } from "./progress-text.ts";
import { countText } from "./quantities.ts";

const MOST_DAYS = 14;
const WIDEST = 40;
const NARROWEST = 8;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const DAY_MS = 86_400_000;

/**
 * A bar for each of the last days, those without sessions included.
 * @param days sessions by day (YYYY-MM-DD), in order
 * @param columns of the terminal
 */
export function dayChart(
  days: ReadonlyMap<string, number>,
  columns: number,
  color: boolean,
): readonly string[] {
  const newest = [...days.keys()].at(-1);
  if (newest === undefined) return [];
  const rows = lastDays(newest)
    .map((day) => ({ day, count: days.get(day) ?? 0 }))
    // The chart begins with the first day that is known.
    .filter(({ day }) => day >= ([...days.keys()][0] ?? day));
  const most = Math.max(...rows.map(({ count }) => count));
  const digits = countText(most).length;
  const room = Math.min(WIDEST, columns - 1 - newest.length - digits - 6);
  return rows.map(({ day, count }) => {
    const bar = room < NARROWEST ? "" : `  ${barOf((count / most) * room, room, color)}`;
    return `  ${day}${bar}  ${countText(count).padStart(digits)}`;
  });
}

function lastDays(newest: string): readonly string[] {
  const end = Date.parse(`${newest}T00:00:00Z`);
  return Array.from({ length: MOST_DAYS }, (_, index) =>
    new Date(end - (MOST_DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10),
  );
}

function barOf(length: number, room: number, color: boolean): string {
  const eighths = Math.round(length * 8);
  const bar = "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
  const padding = " ".repeat(Math.max(0, room - bar.length));
  return color ? paint("cyan", bar) + padding : bar + padding;
}
