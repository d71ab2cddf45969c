import type { Receipt } from "../sync/page.ts";
import { countOf, countText, type Noun } from "./quantities.ts";

/**
 * A stream's receipt in a part of a sentence, without a full stop; undefined where there was nothing.
 * @param noun what its records are called
 */
export function receiptText(
  { counted, came, rereads }: Readonly<Receipt>,
  { one, many }: Noun,
): string | undefined {
  if (counted + came === 0) return undefined;
  const more = came > counted ? `, and ${countText(came - counted)} that were not in that count` : "";
  const accounted = `${countText(Math.min(came, counted))} of ${countOf(counted, one, many)} accounted for${more}`;
  if (rereads === 0) return accounted;
  return `${accounted}; ${countOf(rereads, "answer")} read again because ${many} came or went`;
}
