import { ConnectorError } from "../errors.ts";
import { gather } from "./gather.ts";
import type { Reading } from "./reading.ts";
import { afterTorn } from "./sizing.ts";
import type { Slice } from "./slice.ts";
import { type Outcome, type Pass, type Torn, walk } from "./walk.ts";

/** Torn passes in a row over one second after which reading gives up. */
const MOST_TRIES = 20;
/** Torn passes in a row over one second after which every other pass relies on no order. */
const ORDERLY_TRIES = 4;

/** A pass over a slice, in the way that fits what happened there before. */
export function runPass(reading: Reading, pass: Pass): Promise<Outcome> {
  return reading.stuck >= ORDERLY_TRIES && reading.stuck % 2 === 0 ? gather(pass) : walk(pass);
}

/**
 * Notes that a pass was torn, so that the next one is shorter.
 * @throws ConnectorError where not even a second can be read in one piece
 */
export function noteTorn(reading: Reading, slice: Slice, torn: Torn): void {
  reading.output.report({ kind: "torn", slice, why: torn.why });
  if (slice.end - slice.start > 1) {
    reading.sizing = afterTorn(reading.sizing, slice, torn.total);
    return;
  }
  reading.stuck += 1;
  if (reading.stuck < MOST_TRIES) return;
  const second = new Date(slice.start * 1000).toISOString();
  const detail = `slice ${slice.start}..${slice.end}: ${torn.why}`;
  if (torn.fault === "count") {
    throw new ConnectorError({
      code: "contract_broken",
      failureType: "system_error",
      message: `Browsee's count of sessions at ${second} does not fit the sessions it gives: ${torn.why}. Nothing after that moment was taken as read. Run the sync again later; if it stays, report it to Browsee's support.`,
      detail,
    });
  }
  throw new ConnectorError({
    code: "set_keeps_moving",
    failureType: "transient_error",
    message: `Browsee's sessions at ${second} changed each time they were read (${torn.why}), so none after that moment was taken as read. Run the sync again later; it goes on there.`,
    detail,
  });
}
