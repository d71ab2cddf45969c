import { countRows, type Fingerprint, inside } from "./fingerprints.ts";
import { type KnownRows, locate } from "./locate.ts";
import type { Lookback } from "./lookback.ts";
import type { Output, Span } from "./page.ts";
import { contractBroken, spanText } from "./problems.ts";
import type { Requests, Response } from "./requests.ts";
import { only } from "./whole-span.ts";
import { MARGIN, type Window } from "./window.ts";

/** How often what is missing is looked for. */
const MOST_TRIES = 3;
/** So many rows, and FEW_OF_ALL of all, may be missing where the set moved. */
const FEW = 3;
/** Share of all rows that may be missing beside FEW. */
const FEW_OF_ALL = 0.001;

/** What holding the count against what came takes. */
interface CountParts {
  readonly window: Window;
  readonly requests: Requests;
  readonly lookback: Lookback;
  readonly output: Output;
  readonly acceptCountMismatch: boolean;
}

/**
 * Holds what the API counted at the beginning of the window against the rows that came of it. A difference is located,
 * and what is found is written.
 * @throws ConnectorError contract_broken where rows are missing for good
 */
export async function checkCount(parts: CountParts): Promise<void> {
  const { window, requests, lookback, output } = parts;
  const span = { start: window.counted.from, end: window.to + MARGIN };
  const first = window.counted.total ?? requests.firstTotal ?? 0;
  if (first <= lookback.came) return;
  let now = await countNow(parts, span);
  const missing = () => Math.min(first, now.total) - lookback.came;
  for (let tries = 0; tries < MOST_TRIES && missing() > 0; tries += 1) {
    output.report({ kind: "reread", span, why: `${lookback.came} of ${first} records came` });
    await locateMissing(parts, now);
    now = await countNow(parts, span);
  }
  if (missing() <= 0) return;
  const text = `it counts ${first} records, then ${now.total}, and gives ${lookback.came}`;
  const lasting = now.total === first || missing() > FEW + first * FEW_OF_ALL;
  if (lasting && !parts.acceptCountMismatch) {
    throw contractBroken(`${text}: records fall between the spans that are asked for`, spanText(span));
  }
  const why = lasting ? "accept_count_mismatch says to read on" : "the set moved while it was read";
  output.report({ kind: "warning", text: `${text} for ${spanText(span)}; ${why}` });
}

/** A response with what the API counts now: one of several may be wrong, or of a replica that is behind. */
async function countNow({ requests, lookback }: CountParts, span: Span): Promise<Response> {
  const count = async () => {
    const response = await requests.ask(span, 0);
    if (await requests.isWhole(response)) await lookback.take(response);
    return response;
  };
  const [one, other] = [await count(), await count()];
  if (one.total === other.total) return other;
  const third = await count();
  const sorted = [one, other, third].sort((a, b) => a.total - b.total);
  return sorted[1] ?? third;
}

/** Requests that looking for missing rows may take, beside a tenth of those sent so far. */
const SEARCH_REQUESTS = 40;

/** Looks for what is missing; what is found is written. */
async function locateMissing({ requests, lookback }: CountParts, counted: Response): Promise<void> {
  const before = requests.sent;
  const most = before + SEARCH_REQUESTS + Math.ceil(before / 10);
  await locate(requests, knownRows(lookback), counted.span, most, counted);
  requests.rereads += requests.sent - before;
}

function knownRows(lookback: Lookback): KnownRows {
  const settledIn = (span: Span) => inside(lookback.settled, span);
  return {
    accountsFor: (span, total) => total <= countRows(settledIn(span)),
    async compare(span, response) {
      if (lookback.holds(span, response)) return true;
      await lookback.retake(span, only(response));
      return false;
    },
    take: (span, pieces) => lookback.retake(span, pieces),
    takeAround: (response) => lookback.take(response),
    middle: (span) => middleOf(settledIn(span)),
  };
}

/** The edge nearest to the middle of the rows; undefined for a single fingerprint. */
function middleOf(list: readonly Fingerprint[]): number | undefined {
  const half = countRows(list) / 2;
  let rows = 0;
  for (const each of list.slice(0, -1)) {
    rows += each.rows;
    if (rows >= half) return each.end;
  }
  return list.at(-2)?.end;
}
