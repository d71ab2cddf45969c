/** What other people's programs and saved connections depend on, as the built program has it. */
import { join } from "node:path";
import { version } from "../../package.json";
import { configFor, lastStates, readFrom, runConnector } from "../connector.ts";
import type { Message, StateMessage } from "../message.ts";
import { CONFIG, SEGMENT, STREAMS, startSample } from "./sample.ts";

/** Where that of the last release stands. */
export const RELEASED = join(__dirname, "..", "..", "release", "interface.json");

/** How many keys are kept. */
const KEYS = 7;

/** What a version shows to the outside. */
export interface Interface {
  readonly version: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly catalog: Readonly<Record<string, unknown>>;
  /** The session keys of the sample's first sessions. */
  readonly sessionKeys: readonly unknown[];
  readonly states: {
    /** The first one of a read of the sample: its stream is half read. */
    readonly first: readonly StateMessage[];
    /** The last one of each stream. */
    readonly last: readonly StateMessage[];
  };
}

/** Asks the built program. @throws Error where it does not answer as it should */
export async function currentInterface(): Promise<Interface> {
  const api = await startSample();
  try {
    const spec = await runConnector("spec");
    const discover = await runConnector("discover", { config: configFor(api, { segment_ids: [SEGMENT] }) });
    const read = await readFrom(api, { config: CONFIG, streams: STREAMS });
    return {
      version,
      spec: only(spec.messages.map((message) => (message.type === "SPEC" ? message.spec : undefined))),
      catalog: only(discover.messages.map(catalogIn)),
      sessionKeys: read.records.slice(0, KEYS).map(({ data }) => data["sessionKey"]),
      states: { first: read.states.slice(0, 1), last: lastStates(read) },
    };
  } finally {
    await api.close();
  }
}

function catalogIn(message: Message): Readonly<Record<string, unknown>> | undefined {
  return message.type === "CATALOG" ? { ...message.catalog } : undefined;
}

function only<T>(found: readonly (T | undefined)[]): T {
  const [first, ...more] = found;
  if (first === undefined || more.length > 0) throw new Error(`${found.length} messages, or another one`);
  return first;
}
