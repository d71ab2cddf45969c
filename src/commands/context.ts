import { setTimeout as delay } from "node:timers/promises";
import { type Client, createClient, type Wait } from "../browsee/client.ts";
import { createHttp } from "../browsee/http.ts";
import type { Clock } from "../clock.ts";
import type { Config, Env } from "../config.ts";
import { Cancelled, type ConnectorError, toConnectorError } from "../errors.ts";
import { toJsonText } from "../json.ts";
import type { LineWriter } from "../protocol/line-writer.ts";
import type { Secrets } from "../redact.ts";
import { errorText } from "../terminal/outcome-text.ts";
import { errorJson } from "../terminal/summary.ts";
import { type Terminal, writeText } from "../terminal/terminal.ts";
import type { VerifyArguments } from "./options.ts";

/** What a command gets from the process, so that it can be run without one. */
export interface Context extends Clock {
  readonly out: LineWriter;
  /** For people: `export` writes there, and `check` at a terminal. */
  readonly err: Terminal;
  /** Whether stdout is a terminal, so that a person reads there. */
  readonly atTerminal: boolean;
  readonly secrets: Secrets;
  /** As it was at the start: what holds keys is gone from the process. */
  readonly env: Env;
  /** Aborted when the process is told to stop. */
  readonly stop: AbortSignal;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Exit codes: 0 done, 1 failed, 2 of `verify`: the copy is not whole. */
export type ExitCode = 0 | 1 | 2;

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

/** Prints an object on stdout, as one line of JSON. */
export function printJson({ out, secrets }: Context, object: object): Promise<void> {
  return out.write([secrets.redact(toJsonText(object))]);
}

/**
 * Does the work of a command that talks to a person, and tells why it could not, on stdout too with --json.
 * @param inWords calls things as the person did
 * @returns what the work gives; 1 for an error
 * @throws Cancelled
 */
export async function forPerson(
  context: Context,
  { quiet, json }: Pick<VerifyArguments, "quiet" | "json">,
  inWords: (error: ConnectorError) => ConnectorError,
  work: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const { err, env, secrets } = context;
  try {
    return await work();
  } catch (error) {
    if (error instanceof Cancelled) {
      if (!quiet) writeText(err, env, "Stopped.");
      throw error;
    }
    const failure = inWords(toConnectorError(error));
    writeText(err, env, secrets.redact(errorText(failure)));
    if (json) await printJson(context, { status: "failed", error: errorJson(failure) });
    return 1;
  }
}
