import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient, type Wait } from "../browsee/client.ts";
import { createHttp } from "../browsee/http.ts";
import type { Config } from "../config.ts";
import { Cancelled } from "../errors.ts";
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
  const { apiKey, secretKey, apiUrl: origin } = config;
  const { monotonicNow, env, now, random } = context;
  const http = createHttp(origin, env);
  try {
    const keys = { apiKey, secretKey };
    return await work(createClient({ ...options, http, keys, origin, monotonicNow, now, random, sleep }));
  } finally {
    http.close();
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? new Cancelled("told to stop while waiting") : error;
  }
}
