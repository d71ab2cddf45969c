import type { Wait } from "../browsee/client.ts";

/** Waits shorter than this are nobody's business. */
const SHORT_WAIT_MS = 2000;

/** Tells a person that the client waits before it asks again. @param note says something to the person */
export function tellWaits(note: (text: string) => void): (wait: Wait) => void {
  return ({ ms, attempts, failure }) => {
    if (ms < SHORT_WAIT_MS) return;
    const seconds = (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);
    note(`${failure.message}; attempt ${attempts} failed, asking again in ${seconds} s`);
  };
}
