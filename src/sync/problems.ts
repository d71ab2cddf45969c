import { type ConnectorError, systemError, transientError } from "../errors.ts";
import type { Span } from "./page.ts";

/** A span as people read it. @param span Unix s */
export function spanText({ start, end }: Span): string {
  return `${instantText(start)} to ${instantText(end)}`;
}

/** @param seconds Unix s; out of a state it may be any number */
export function instantText(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} s` : date.toISOString().replace(".000Z", "Z");
}

/**
 * The API contradicts itself, or its documentation.
 * @param what happened, as a part of a sentence
 * @param where in time, or how often
 */
export function contractBroken(what: string, where: string): ConnectorError {
  const sentence = `Browsee's answers contradict each other: ${what} (${where}). Nothing after the place that the state names was taken as read. Run the sync again later; if it stays, report it to Browsee's support, or set accept_count_mismatch to read on with a warning where only counts are wrong.`;
  return systemError("contract_broken", sentence, `${what}; ${where}`);
}

/** Reading takes more requests than it may, and nothing has shown that the set moves. @param what was tried, as a part of a sentence */
export function withoutEnd(what: string, span: Span): ConnectorError {
  const sentence = `Reading Browsee's records did not come to its end: ${what} (it gave up in ${spanText(span)}). Nothing after the place that the state names was taken as read. Run the sync again later; it goes on there. If it comes no further, report it to Browsee's support.`;
  return systemError("contract_broken", sentence, `${what}; it gave up in ${spanText(span)}`);
}

/** A dense span changed at every try. */
export function keepsMoving(span: Span): ConnectorError {
  const sentence = `Browsee's records of ${spanText(span)} changed each time they were read, so none after that moment was taken as read. Run the sync again later; it goes on there.`;
  return transientError("set_keeps_moving", sentence, `passes over ${span.start}..${span.end} do not agree`);
}
