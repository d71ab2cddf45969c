import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient, type Wait } from "../browsee/client.ts";
import { createTransport } from "../browsee/transport.ts";
import type { Config } from "../config.ts";
import { Stopped } from "../errors.ts";
import type { Redact } from "../redact.ts";
import type { Context } from "./context.ts";

/** How a command wants its requests made. */
export interface ClientOptions {
  readonly redact: Redact;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly onWait: (wait: Wait) => void;
}

/**
 * Runs some work with the one client of this process, and closes its connection afterwards.
 * @throws whatever the work throws
 */
export async function withClient<T>(
  context: Context,
  config: Config,
  options: ClientOptions,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const transport = createTransport(config.apiUrl, context.env);
  const { apiKey, secretKey, apiUrl: origin } = config;
  const { clock, now, random } = context;
  try {
    const keys = { apiKey, secretKey };
    return await work(createClient({ ...options, transport, keys, origin, clock, now, random, sleep }));
  } finally {
    await transport.close();
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? new Stopped("told to stop while waiting") : error;
  }
}
