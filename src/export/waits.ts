import type { Wait } from "../browsee/client.ts";
import { waitText } from "../terminal/outcome-text.ts";

/** Waits shorter than this are nobody's business. */
const SHORT_WAIT_MS = 900;

/** Tells a person of waits for the API, once for each failure. @param now Unix ms */
export function tellWaits(note: (text: string) => void, now: () => number): (wait: Wait) => void {
  let told: Wait | undefined;
  return (wait) => {
    const isSame = told?.failure.message === wait.failure.message && told.attempts < wait.attempts;
    if (isSame || wait.ms < SHORT_WAIT_MS) return;
    told = wait;
    note(waitText(wait, now()));
  };
}
