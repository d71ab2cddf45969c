import type { Drift } from "./drift.ts";
import type { FaultRule } from "./faults.ts";
import type { Mutations } from "./mutations.ts";
import type { Switches } from "./switches.ts";
import type { Truth } from "./truth.ts";

/** What a test does with a running stand-in besides asking it over HTTP. */
export interface Handle extends Mutations, Truth {
  /** How many sessions there are. */
  readonly size: () => number;
  /** Sets some switches from the next request on; the others stay. */
  readonly setSwitches: (switches: Partial<Switches>) => void;
  /** Replaces the drift from the next request on. */
  readonly setDrift: (rules: readonly Drift[]) => void;
  /** Replaces the fault rules from the next request on. */
  readonly setFaults: (rules: readonly FaultRule[]) => void;
}
