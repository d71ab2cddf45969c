import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient, type Wait } from "../browsee/client.ts";
import { createHttp } from "../browsee/http.ts";
import type { Config } from "../config.ts";
import { Cancelled } from "../errors.ts";
import type { Context } from "./context.ts";

/**
 * Runs some work with the one client of this process, and closes its connection afterwards.
 * @param mostMs of a request, and of asking for one page again, where the configuration allows more
 * @throws whatever the work throws
 */
export async function withClient<T>(
  context: Context,
  config: Config,
  onWait: (wait: Wait) => void,
  work: (client: Client) => Promise<T>,
  mostMs = Number.POSITIVE_INFINITY,
): Promise<T> {
  const { apiUrl: origin, requestTimeoutSeconds, retryDeadlineSeconds } = config;
  const { redact } = context.secrets;
  const timeoutMs = Math.min(requestTimeoutSeconds * 1000, mostMs);
  const deadlineMs = Math.min(retryDeadlineSeconds * 1000, mostMs);
  const http = createHttp(origin, context.env);
  try {
    const outside = { ...context, http, origin, redact, sleep, onWait };
    return await work(createClient({ ...outside, keys: config, timeoutMs, deadlineMs }));
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
