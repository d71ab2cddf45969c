import type { ServerResponse } from "node:http";
import type { Counters } from "./stats.ts";
import type { Timers } from "./timers.ts";

/** Lets one request of the account in at a time. */
export interface Slot {
  /** Gives whether the request that `response` answers may go on; if so it is open until it has been answered. */
  readonly enter: (response: ServerResponse) => boolean;
}

/**
 * A slot nobody is in.
 * @param lingerMs how long a request stays open whose client has gone without its answer
 */
export function createSlot(lingerMs: number, timers: Timers, counters: Counters): Slot {
  let present = 0;
  let taken = false;
  return {
    enter: (response) => {
      const admitted = !taken;
      taken = true;
      present += 1;
      counters.maxOpen = Math.max(counters.maxOpen, present);
      response.once("close", () => {
        timers.after(response.writableFinished ? 0 : lingerMs, () => {
          present -= 1;
          if (admitted) taken = false;
        });
      });
      return admitted;
    },
  };
}
