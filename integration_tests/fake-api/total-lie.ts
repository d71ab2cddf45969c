import type { JsonValue } from "./json.ts";

/**
 * What an API that gets `total` wrong answers: nothing, -1, the number as a string, half of it, 100 more, or the
 * number of rows of the page; or what the function makes of the true total and that number.
 */
export type TotalLie =
  | "absent"
  | "negative"
  | "string"
  | "short"
  | "long"
  | "page"
  | ((total: number, rows: number) => JsonValue | undefined);

/** The `total` of an answer, `undefined` for none. */
export function statedTotal(lie: TotalLie | undefined, total: number, rows: number): JsonValue | undefined {
  if (typeof lie === "function") return lie(total, rows);
  switch (lie) {
    case undefined:
      return total;
    case "absent":
      return undefined;
    case "negative":
      return -1;
    case "string":
      return String(total);
    case "short":
      return Math.floor(total / 2);
    case "long":
      return total + 100;
    case "page":
      return rows;
  }
}
