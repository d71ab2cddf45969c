import type { Client, Wait } from "../browsee/client.ts";
import type { Config } from "../config.ts";
import { Cancelled, ConnectorError } from "../errors.ts";
import type { AirbyteConnectionStatus } from "../generated/airbyte-protocol.ts";
import { streams } from "../generated/stream-list.ts";
import { logLine, messageLine } from "../protocol/messages.ts";
import { withPartition } from "../streams/open-partition.ts";
import { partitionsOf } from "../streams/stream.ts";
import { futureWarning } from "../streams/warnings.ts";
import { writeText } from "../terminal/terminal.ts";
import { type Context, type ExitCode, withClient } from "./context.ts";
import { inWordsGiven, readConfig } from "./read-config.ts";

/** A person is waiting: after this long nothing is asked for, or asked for again. */
const RETRY_MS = 20_000;
/** And whatever happens, there is an answer after this long. */
const ANSWER_MS = 27_000;

/** Says something that is no verdict. @param text without a full stop at its end */
type Warn = (text: string) => void;

/**
 * Proves keys and segments with a small request each. Prints a CONNECTION_STATUS message; where a person reads both
 * stdout and stderr, a sentence instead.
 * @param configPath undefined where keys come from the environment
 */
export async function runCheck(context: Context, configPath: string | undefined): Promise<ExitCode> {
  const { out, err, env, atTerminal } = context;
  const { redact } = context.secrets;
  const say = (text: string) => writeText(err, env, redact(text));
  const forPerson = atTerminal && err.isTTY === true;
  const warn: Warn = (text) =>
    forPerson ? say(`${text}.`) : void out.write([logLine("WARN", redact(text))]);
  const failure = await findFailure(context, configPath, warn);
  if (forPerson) say(failure ?? "Browsee takes these keys.");
  else {
    const connectionStatus: AirbyteConnectionStatus =
      failure === undefined ? { status: "SUCCEEDED" } : { status: "FAILED", message: redact(failure) };
    await out.write([messageLine({ type: "CONNECTION_STATUS", connectionStatus })]);
  }
  return 0;
}

/** @returns what is wrong, in a sentence; undefined where nothing is */
async function findFailure(
  context: Context,
  configPath: string | undefined,
  warn: Warn,
): Promise<string | undefined> {
  let failure = "no answer came";
  const onWait = (wait: Wait) => {
    failure = wait.failure.message;
    warn(`${failure}; asking again in ${(wait.ms / 1000).toFixed(1)} s`);
  };
  try {
    const config = await readConfig(context, configPath, warn);
    if (config.startDate * 1000 > context.now()) warn(futureWarning("start_date", config.startDate));
    const limit = new AbortController();
    // AbortSignal.any and timeout would be shorter; Node.js may collect such a signal before it fires.
    setTimeout(() => limit.abort(), ANSWER_MS).unref();
    context.stop.addEventListener("abort", () => limit.abort());
    const ask = (client: Client) => askAll(context, config, client, limit.signal, warn);
    await withClient(context, config, onWait, ask, RETRY_MS);
    return undefined;
  } catch (error) {
    if (error instanceof Cancelled && !context.stop.aborted)
      return `Browsee's API gave no answer within ${ANSWER_MS / 1000} s: ${failure}. Try again later.`;
    if (!(error instanceof ConnectorError) || error.code === "usage") throw error;
    return inWordsGiven(error, configPath !== undefined).message;
  }
}

async function askAll(
  { monotonicNow, now }: Context,
  config: Config,
  client: Client,
  stop: AbortSignal,
  warn: Warn,
): Promise<void> {
  const latest = monotonicNow() + ANSWER_MS;
  /** What one of them takes at the most, ms. */
  let longest = ANSWER_MS - RETRY_MS;
  const end = Math.floor(now() / 1000);
  const query = { start: end - 3600, end, from: 0, limit: 1 };
  for (const definition of streams) {
    for (const partition of partitionsOf(definition, config)) {
      const begun = monotonicNow();
      if (begun + longest > latest)
        return warn(`the API is slow: ${definition.name} has not been tried in full`);
      const access = { definition, config, client, columns: [], stop };
      await withPartition(access, partition, ({ fetch }) => fetch(query));
      longest = Math.max(longest, monotonicNow() - begun);
    }
  }
}
