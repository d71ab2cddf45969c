import { denseSpan } from "./dense-span.ts";
import { AIM, nextCut } from "./next-cut.ts";
import { type Span, secondOf, type WholeSpan } from "./page.ts";
import { contractBroken, spanText } from "./problems.ts";
import type { Requests, Response } from "./requests.ts";

/** Rows a second, as the pieces before had them. */
export interface Pace {
  /** 0 while nothing is known. */
  rate: number;
}

/** Answers at one place without progress. */
const MOST_ANSWERS = 60;
/** Cut answers in a row of which half lies outside of a span: it is not honoured. */
const IGNORED = 6;

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
  pace: Pace = { rate: 0 },
  first?: Response,
): AsyncGenerator<WholeSpan, void, void> {
  for (let at = from; at < to; ) {
    const piece = await nextPiece(requests, at, to, pace, at === from ? first : undefined);
    yield piece;
    at = piece.span.end;
  }
}

/** The piece that begins at a place, as large as fits one response. @param to Unix s: it ends there at the latest */
export async function nextPiece(
  requests: Requests,
  at: number,
  to: number,
  pace: Pace,
  first?: Response,
): Promise<WholeSpan> {
  const width = pace.rate > 0 ? Math.max(1, Math.floor((AIM * requests.pageRows) / pace.rate)) : to - at;
  let span: Span = { start: at, end: Math.min(to, at + width) };
  const heeded = createHeeded();
  for (let answers = 0; answers < MOST_ANSWERS; answers += 1) {
    const response = answers === 0 && first !== undefined ? first : await requests.ask(span, 0);
    if (await requests.isWhole(response)) {
      learn(pace, response);
      return response;
    }
    heeded.check(response);
    const cut = nextCut(response, requests.pageRows, answers);
    if (cut.kind === "dense") {
      return denseSpan(requests, { start: at, end: Math.min(to, at + cut.seconds) });
    }
    pace.rate = response.total / (span.end - at + 1);
    span = { start: at, end: cut.end };
  }
  throw contractBroken(`${MOST_ANSWERS} answers held no whole span`, spanText(span));
}

function learn(pace: Pace, { span, starts }: Response): void {
  // The request reaches a second further back than the span.
  const density = starts.length / (span.end - span.start + 1);
  if (pace.rate === 0) pace.rate = density;
  else pace.rate = density === 0 ? pace.rate / 4 : 0.5 * pace.rate + 0.5 * density;
}

/** Notices an API that ignores start or end: cut answers whose total does not fall and whose rows lie outside. */
function createHeeded() {
  let fallen: number | undefined;
  let ignored = 0;
  return {
    check({ span, starts, total }: Response): void {
      const outside = starts.filter(
        (start) => start !== undefined && isOutside(span, secondOf(start)),
      ).length;
      if (fallen === undefined || total < 0.9 * fallen || outside * 2 < starts.length) {
        fallen = total;
        ignored = 0;
        return;
      }
      ignored += 1;
      if (ignored < IGNORED) return;
      throw contractBroken("it does not honour start or end", `${total} records for ${spanText(span)}`);
    },
  };
}

/** Whether a second lies neither in what was asked for nor right beside it. */
function isOutside({ start, end }: Span, second: number): boolean {
  return second < start - 1 || second > end;
}
