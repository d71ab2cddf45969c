/** JSON nested deeper than this is written by no destination, and at some depth by no JSON.stringify either. */
const MOST_LEVELS = 500;

/** Whether a value is nested so deep that it can't be written. */
export function isTooDeep(value: unknown, levels: number = MOST_LEVELS): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isTooDeep(inner, levels - 1));
}
