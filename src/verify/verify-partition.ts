import { locate } from "../sync/locate.ts";
import { secondOf } from "../sync/page.ts";
import { contractBroken, spanText } from "../sync/problems.ts";
import { wholeSpans } from "../sync/read-span.ts";
import { MARGIN, MOST_MARGINS } from "../sync/window.ts";
import { countText } from "../terminal/quantities.ts";
import { Differences, type DifferencesParts } from "./differences.ts";

/** Sessions that are asked for alone, to see whether the API finds them by their start. */
const WITNESSES = 3;

/** What verifying a partition takes. */
export interface VerifyPartitionParts extends DifferencesParts {
  /** Says something to the person. */
  readonly note: (text: string) => void;
}

/** How a copy compares with the API. */
export interface Comparison {
  /** Sessions that the copy has of the time that was exported. */
  readonly held: number;
  readonly differences: Pick<Differences, "missing" | "gone">;
}

/**
 * Holds a copy of one partition against the API, by counts in halves down to rows. A copy that is whole costs one
 * request or two.
 * @throws ConnectorError contract_broken or set_keeps_moving, or Cancelled
 */
export async function verifyPartition(parts: VerifyPartitionParts): Promise<Comparison> {
  const { requests, held: rows, window, note } = parts;
  const differences = new Differences(parts);
  const held = await rows.count(window);
  const isLarge = held > requests.pageRows;
  // Each request goes back a second more; what lies there is not in the copy, and would be counted.
  const asked = isLarge ? { start: window.start + 1, end: window.end } : window;
  const first = await requests.ask(asked, 0);
  requests.expect(Math.max(first.total, held));
  if (first.total !== held)
    note(
      `Browsee counts ${countText(first.total)}, the copy has ${countText(held)}. Looking for where they differ.`,
    );
  const isFew = isLarge && first.total <= requests.pageRows;
  await locate(requests, differences, window, undefined, isFew ? undefined : first);
  if (differences.strays || !(await findsByStart(parts, differences))) {
    note("Browsee filters sessions by another time than their start, so all of them are read.");
    await readAll(parts, differences);
  }
  return { held, differences };
}

/**
 * Whether the API finds sessions by their start. If it holds another time against a span, a session that is there may
 * be missing in the answer for its start, and must not be called gone.
 */
async function findsByStart(
  { requests, held, window }: VerifyPartitionParts,
  found: Differences,
): Promise<boolean> {
  if (found.gone.size === 0) return true;
  const longest = [...(await held.longest(window, found.gone.size + WITNESSES))];
  for (const [, ms] of longest.filter(([key]) => !found.gone.has(key)).slice(0, WITNESSES)) {
    const second = secondOf(ms);
    const { starts, total } = await requests.ask({ start: second, end: second + 1 }, 0);
    if (starts.length === total && !starts.includes(ms)) return false;
  }
  return true;
}

/**
 * Compares row by row all that the API has, and what it shows with later sessions because they ended later.
 * @throws ConnectorError contract_broken where it counts more than it gives, so that what did not come may be there
 */
async function readAll({ requests, window }: VerifyPartitionParts, differences: Differences): Promise<void> {
  const { gone, came } = differences;
  const span = { start: Math.max(0, window.start - MARGIN), end: window.end + MOST_MARGINS * MARGIN };
  const before = (await requests.ask(span, 0)).total;
  gone.clear();
  came.clear();
  await differences.take(window, wholeSpans(requests, span.start, span.end));
  if (gone.size === 0) return;
  const counted = Math.min(before, (await requests.ask(span, 0)).total);
  if (counted <= came.size) return;
  const what = `it counts ${counted} records and gives ${came.size}: records fall between the spans that are asked for`;
  throw contractBroken(what, spanText(span));
}
