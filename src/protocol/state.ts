import { configError } from "../errors.ts";
import { isStateMessage } from "../generated/validators.js";
import { field, isEmpty, isTooDeep } from "../json.ts";

/** What stands in a STATE message is nobody's, or of a form that no platform writes. */
const RESET = "Reset the connection's state (clear its data) and run the sync again.";

/**
 * Reads the --state file: an array of AirbyteStateMessage of type STREAM, or one.
 * @param value its parsed JSON
 * @returns the stream_state of each stream, by the stream's name
 * @throws ConnectorError state_invalid
 */
export function parseStates(value: unknown): ReadonlyMap<string, unknown> {
  const states = new Map<string, unknown>();
  for (const item of [value].flat()) {
    if (isEmpty(item)) continue;
    // Destinations write states down as whole messages: {"type": "STATE", "state": …}.
    const state = field(item, "state");
    const message = field(item, "type") === "STATE" && state !== undefined ? state : item;
    if (!isStateMessage(message)) {
      const error = isStateMessage.errors?.[0];
      throw invalidState(`${error?.instancePath ?? ""} ${error?.message ?? ""}`.trim());
    }
    if (isTooDeep(message.stream.stream_state)) throw invalidState("it nests too deep");
    states.set(message.stream.stream_descriptor.name, message.stream.stream_state ?? undefined);
  }
  return states;
}

/** @param why what is wrong with it */
export function invalidState(why: string): Error {
  return configError("state_invalid", `The state is none that this connector wrote: ${why}. ${RESET}`);
}
