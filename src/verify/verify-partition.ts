import { locate } from "../sync/locate.ts";
import { secondOf } from "../sync/page.ts";
import { contractBroken, spanText } from "../sync/problems.ts";
import { wholeSpans } from "../sync/read-span.ts";
import { type Requests, type Response, USUAL_CAPS } from "../sync/requests.ts";
import { MARGIN, MOST_MARGINS } from "../sync/window.ts";
import { countOf, countText } from "../terminal/quantities.ts";
import { Differences, type DifferencesParts } from "./differences.ts";

/** Sessions that are asked for alone, to see whether the API finds them by their start. */
const WITNESSES = 3;

/** What verifying a partition takes. */
export interface VerifyPartitionParts extends DifferencesParts {
  /** Says something to the person. */
  readonly note: (text: string) => void;
}

/** How a copy compares with the API. */
export type Comparison = Awaited<ReturnType<typeof verifyPartition>>;

/**
 * Holds a copy of one partition against the API, by counts in halves down to rows. A copy that is whole costs two
 * requests, or five where sessions start in its first or last second.
 * @returns held: sessions that the copy has of the time that was exported
 * @throws ConnectorError contract_broken or set_keeps_moving, or Cancelled
 */
export async function verifyPartition(parts: VerifyPartitionParts) {
  const { requests, window, note } = parts;
  const differences = new Differences(parts);
  const first = await requests.ask(window, 0);
  const held = await countHeld(parts, first.total);
  requests.expect(Math.max(first.total, held));
  if (await requests.isWhole(first)) await differences.compare(window, first);
  else if (!(await hasQuietEnds(requests, first))) await searchBetween(parts, differences);
  else if (first.total !== held) await search(parts, differences, first);
  const isExplained = await explains(parts, differences, first.total);
  if (differences.hasStrays || !isExplained || !(await findsByStart(parts, differences))) {
    note("Browsee filters sessions by another time than their start, so all of them are read.");
    await compareByRow(parts, differences);
  }
  return { held, differences };
}

/** @param expected where there are more, somebody may have put rows in that have the key of another one */
async function countHeld({ held, window, note }: VerifyPartitionParts, expected: number): Promise<number> {
  const rows = await held.count(window);
  const doubled = rows > expected ? await held.doubled(window) : 0;
  if (doubled > 0)
    note(`${countOf(doubled, "row has", "rows have")} the key of another one: somebody has put them in.`);
  return rows - doubled;
}

/**
 * Whether nothing starts right at the ends of a span: what the API counts there depends on whether it takes `start` and
 * `end` for inclusive. If it counts as many where one second less is asked for at both ends, nothing is there.
 * @param response for the span
 */
async function hasQuietEnds(requests: Requests, { span, total }: Response): Promise<boolean> {
  const narrower = { start: span.start + 1, end: span.end - 1 };
  if (narrower.start >= narrower.end) return false;
  // Many stores end a count at such a number, and have more rows behind it.
  const isUsualCap = USUAL_CAPS.has(total);
  const inner = await requests.ask(narrower, isUsualCap ? total : 0);
  return inner.total === total && !(isUsualCap && inner.starts.length > 0);
}

/** Compares what starts near the ends of the window row by row, and looks by counts between. */
async function searchBetween(parts: VerifyPartitionParts, differences: Differences): Promise<void> {
  const { requests, held, window } = parts;
  const rowByRow = (start: number, end: number) => differences.take(window, wholeSpans(requests, start, end));
  const start = await held.quietSecond(window, 0);
  const end = await held.quietSecond(window, await held.count(window));
  if (start === undefined || end === undefined || start >= end) return rowByRow(window.start, window.end);
  await rowByRow(window.start, start);
  await search(parts, differences, await requests.ask({ start, end }, 0));
  await rowByRow(end, window.end);
}

/** Looks by counts for what differs in a span that begins and ends where nothing starts. @param counted response for it */
async function search(
  { requests, held, note }: VerifyPartitionParts,
  differences: Differences,
  counted: Response,
): Promise<void> {
  const { span, total } = counted;
  const expected = await held.count(span);
  if (total !== expected) {
    const counts = `Browsee counts ${countText(total)}, the copy has ${countText(expected)}`;
    note(`${counts}. Looking for where they differ.`);
  }
  await locate(requests, differences, span, undefined, counted);
}

/** Whether what was found makes up for what the API counts in all, or counts now: by its start each session is found. */
async function explains(
  { requests, held, window }: VerifyPartitionParts,
  { missing, gone, outside }: Differences,
  total: number,
): Promise<boolean> {
  const found = (await held.count(window)) + missing.size - gone.size + outside.size;
  if (found === total || (found > total && USUAL_CAPS.has(total))) return true;
  return found === (await requests.ask(window, 0)).total;
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
async function compareByRow(
  { requests, window }: VerifyPartitionParts,
  differences: Differences,
): Promise<void> {
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
