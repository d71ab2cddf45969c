import type { Wait } from "../browsee/client.ts";
import type { ConnectorError } from "../errors.ts";
import type { Receipt } from "../sync/page.ts";
import { countOf, countText, durationText, type Noun } from "./quantities.ts";
import type { Summary } from "./summary.ts";

/** Shorter waits are not worth a line. */
const SHORT_WAIT_MS = 900;

/** What went wrong, a sentence for each stream that failed. */
export function failureTexts({ streams }: Summary): readonly string[] {
  return streams.flatMap(({ stream, failure }) => {
    if (failure === undefined) return [];
    const text = errorText(failure);
    const isNamed = streams.length === 1 || text.startsWith(`${stream} `);
    return [isNamed ? text : `${stream}: ${text}`];
  });
}

/** An error for a person; of one that nobody expected, with what a developer wants to know. */
export function errorText({ message, detail, code }: ConnectorError): string {
  return code === "internal" ? `${message} (${detail})` : message;
}

/** What a person is told who may open a CSV file in a spreadsheet. @param escaped whether that is safe */
export function formulasText(escaped: boolean): string {
  return escaped
    ? "Texts that a spreadsheet would take for a formula begin with an apostrophe."
    : "Texts are exactly as visitors sent them: a spreadsheet may take one that begins with =, +, - or @ for a formula. --escape-formulas makes them harmless.";
}

/** What a person is told whose export was stopped. @param full whether it had --full, with which it would start over */
export function stoppedText({ streams }: Summary, full: boolean): string {
  const kept = streams.filter(({ file }) => file !== undefined);
  const saved = kept.reduce((sum, { changes }) => sum + (changes?.added ?? 0) + (changes?.changed ?? 0), 0);
  if (kept.length === 0) return "Stopped.";
  const again = full ? "the command again without --full" : "the same command again";
  if (saved === 0) return `Stopped before anything was saved. Run ${again}.`;
  return `Stopped; ${countOf(saved, "record")} of this run ${saved === 1 ? "is" : "are"} saved. Run ${again}, and it goes on from there.`;
}

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

/** Tells a person of failures that may pass, once each, when it is tried again, and until when. @param now Unix ms */
export function tellWaits(note: (text: string) => void, now: () => number): (wait: Wait) => void {
  let told: Wait | undefined;
  return (wait) => {
    const { ms, attempts, failure, leftMs } = wait;
    const isSame = told?.failure.message === failure.message && told.attempts < attempts;
    if (isSame || ms < SHORT_WAIT_MS) return;
    told = wait;
    const what = failure.message.replace(
      /^\p{L}+(?![\p{L}:])/u,
      (word) => word.charAt(0).toUpperCase() + word.slice(1),
    );
    const again = durationText(Math.max(1000, ms), 0);
    const clock = new Date(now() + leftMs).toTimeString().slice(0, 5);
    note(`${what}; trying again in ${again}, until ${clock} at the latest`);
  };
}
