import { denseSpan } from "./dense-span.ts";
import { AIM, nextCut } from "./next-cut.ts";
import { type Span, secondOf, type WholeSpan } from "./page.ts";
import { contractBroken, spanText } from "./problems.ts";
import type { Requests, Response } from "./requests.ts";

/** Answers at one place without progress. */
const MOST_ANSWERS = 60;
/** Cut answers in a row of which half lies outside of a span: it is not honoured. */
const IGNORED = 6;

/** Rows a second, as the answers before had them; 0 while nothing is known. */
interface Pace {
  rate: number;
}

/**
 * Reads a span piece by piece, each proven whole: one response is a snapshot, so what it held all of is complete
 * whatever the order of rows and however the set moves. A response that did not hold all makes the piece smaller.
 * @param from Unix s, inclusive
 * @param to Unix s, exclusive
 * @param first response for all of it, where it was asked for already
 * @throws ConnectorError contract_broken or set_keeps_moving
 */
export async function* wholeSpans(
  requests: Requests,
  from: number,
  to: number,
  first?: Response,
): AsyncGenerator<WholeSpan, void, void> {
  const pace = { rate: 0 };
  for (let at = from; at < to; ) {
    const piece = await nextPiece(requests, at, to, pace, at === from ? first : undefined);
    yield piece;
    at = piece.span.end;
  }
}

/** The piece that begins at a place, as large as fits one response. @param to Unix s: it ends there at the latest */
async function nextPiece(requests: Requests, at: number, to: number, pace: Pace, first?: Response) {
  const width = pace.rate > 0 ? Math.max(1, Math.floor((AIM * requests.pageRows) / pace.rate)) : to - at;
  let span: Span = { start: at, end: Math.min(to, at + width) };
  const expectHeeded = createHeedCheck();
  for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
    const response = (answers === 0 && first) || (await requests.ask(span, 0));
    // The request reaches a second further back than the span.
    const density = response.total / (span.end - span.start + 1);
    if (await requests.isWhole(response)) {
      pace.rate = density === 0 ? pace.rate / 4 : (density + (pace.rate || density)) / 2;
      return response;
    }
    pace.rate = density;
    expectHeeded(response);
    const cut = nextCut(response, requests.pageRows, answers);
    if (cut.kind === "dense") return denseSpan(requests, { start: at, end: Math.min(to, at + cut.seconds) });
    span = { start: at, end: cut.end };
  }
  throw contractBroken(`${MOST_ANSWERS} answers held no whole span`, spanText(span));
}

/** Notices an API that ignores start or end: cut answers whose total does not fall and whose rows lie outside. */
function createHeedCheck(): (response: Response) => void {
  let least = Number.POSITIVE_INFINITY;
  let ignored = 0;
  return ({ span, starts, total }) => {
    const isOutside = (second: number) => second < span.start - 1 || second > span.end;
    const outside = starts.filter((ms) => ms !== undefined && isOutside(secondOf(ms))).length;
    ignored = total >= 0.9 * least && outside * 2 >= starts.length ? ignored + 1 : 0;
    if (ignored === 0) least = total;
    if (ignored < IGNORED) return;
    throw contractBroken("it does not honour start or end", `${total} records for ${spanText(span)}`);
  };
}
