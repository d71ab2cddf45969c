import type { Requests } from "../sync/requests.ts";
import type { HeldRows } from "./held-rows.ts";

/** What the API counts with a span of the seconds beside it: every request goes back a second more. */
export interface Slack {
  /** ms in the second before from which on rows are counted; 1000 for none of them. */
  readonly from: number;
  /** ms in the second behind up to which rows are counted, exclusive; 0 for none of them. */
  readonly to: number;
}

/** Right for spans that end where nothing starts. */
export const NO_SLACK: Slack = { from: 1000, to: 0 };

/** All of a second, all but its very begin, and nothing; nothing, its very begin, and all. */
const FROM = [0, 1, 1000];
const TO = [0, 1, 1000];

/**
 * Sees, by a second that is known row by row, what the API counts of those beside it.
 * @param second Unix s
 * @returns undefined where what it gives fits nothing
 */
export async function learnSlack(
  requests: Requests,
  held: HeldRows,
  second: number,
): Promise<Slack | undefined> {
  const response = await requests.ask({ start: second, end: second + 1 }, 0);
  const came = new Set(response.starts);
  const around = await held.starts({ start: second - 1, end: second + 2 });
  const fits = (at: number, isIn: (offset: number) => boolean) =>
    [...around.values()]
      .map((ms) => ({ ms, offset: ms - at * 1000 }))
      .filter(({ offset }) => offset >= 0 && offset < 1000)
      .every(({ ms, offset }) => came.has(ms) === isIn(offset));
  const from = FROM.find((first) => fits(second - 1, (offset) => offset >= first));
  const to = TO.find((end) => fits(second + 1, (offset) => offset < end));
  return from === undefined || to === undefined ? undefined : { from, to };
}
