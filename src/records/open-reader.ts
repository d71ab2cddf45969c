import type { RowReader } from "../sync/row-reader.ts";
import type { SessionReaderParts } from "./session-reader.ts";

/**
 * A reader of rows, loaded when it is needed: check and discover read none.
 * @param apiKey what the sessions' keys are keyed with
 */
export async function openSessionReader(
  apiKey: string,
  parts: Omit<SessionReaderParts, "keys">,
): Promise<RowReader> {
  const { createKeyMaker } = await import("./session-key.ts");
  const { createSessionReader } = await import("./session-reader.ts");
  return createSessionReader({ ...parts, keys: createKeyMaker(apiKey) });
}
