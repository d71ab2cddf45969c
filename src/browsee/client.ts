import type { Clock } from "../clock.ts";
import { type ConnectorError, systemError, transientError } from "../errors.ts";
import { createBodyParser } from "./parse-body.ts";
import { type Page, readResponse } from "./response.ts";
import { RetriableFailure, settlingMs, waitBeforeRetry } from "./retry.ts";
import { type SendParts, send } from "./send.ts";

/** What an attempt gets at the least: with less, however near the page's deadline, it would be pointless. */
const LEAST_ATTEMPT_MS = 1000;

/** Which rows of which set are asked for (API parameters); the API does not say whether start and end are inclusive. */
export interface PageQuery {
  /** Unix seconds. */
  readonly start: number;
  /** Unix seconds. */
  readonly end: number;
  /** Offset of the first row. */
  readonly from: number;
  /** At most 100. */
  readonly limit: number;
}

/** What is asked of an export besides the page. */
interface ExportRequest {
  /** Path of the endpoint. */
  readonly path: string;
  /** More parameters by name, e.g. segmentId. */
  readonly parameters: Readonly<Record<string, string>>;
  /** API parameter options.select; undefined asks for all fields. */
  readonly select?: readonly string[] | undefined;
}

/** A wait before the next attempt, told to whoever watches. */
export interface Wait {
  readonly ms: number;
  /** How often the page has been asked for; 0 where the failure was an earlier page's. */
  readonly attempts: number;
  readonly failure: RetriableFailure;
  /** For how long the page is asked for at the most, from now on, ms. */
  readonly leftMs: number;
}

/** What the client needs from outside, so that it can be run without a clock or a network. */
interface ClientParts extends SendParts, Clock {
  /** The project's (API parameters). */
  readonly keys: { readonly apiKey: string; readonly secretKey: string };
  /** How long one request may take, from sending to the last byte. */
  readonly timeoutMs: number;
  /** How long one page may be asked for in all. */
  readonly deadlineMs: number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Resolves after ms, or rejects as soon as the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly onWait: (wait: Wait) => void;
}

/** The API, one request at a time. */
export type Client = ReturnType<typeof createClient>;

/** A client; calls wait for one another, so that there is never a second open request. */
export function createClient(parts: ClientParts) {
  const { deadlineMs, monotonicNow } = parts;
  const { apiKey, secretKey } = parts.keys;
  const context = { ...parts, parseBody: createBodyParser([apiKey, secretKey]) };
  let requests = 0;
  let last: Promise<unknown> = Promise.resolve();
  /** A request that failed, on which the API may be at work until then (monotonic ms). */
  let unsettled: { readonly until: number; readonly failure: RetriableFailure } | undefined;

  async function pause(wait: Wait, stop: AbortSignal): Promise<void> {
    parts.onWait(wait);
    await parts.sleep(wait.ms, stop);
  }

  /** Waits until the API must be done with what was asked of it before. */
  async function settle(stop: AbortSignal): Promise<void> {
    const ms = Math.ceil((unsettled?.until ?? 0) - monotonicNow());
    if (unsettled === undefined || ms <= 0) return;
    await pause({ ms, attempts: 0, failure: unsettled.failure, leftMs: deadlineMs }, stop);
  }

  async function retried(path: string, body: string, stop: AbortSignal): Promise<Page> {
    await settle(stop);
    const begun = monotonicNow();
    let timeoutMs = parts.timeoutMs;
    let broken = 0;
    for (let attempts = 1; ; attempts += 1) {
      const sentAt = monotonicNow();
      requests += 1;
      try {
        return readResponse(await send(parts, path, body, timeoutMs, stop), context);
      } catch (failure) {
        if (!(failure instanceof RetriableFailure)) throw failure;
        const now = monotonicNow();
        const tookMs = now - sentAt;
        const elapsedMs = now - begun;
        unsettled = { until: now + settlingMs(failure, tookMs), failure };
        broken += Number(failure.kind === "contract");
        const state = { attempts, broken, elapsedMs, deadlineMs, tookMs };
        const ms = waitBeforeRetry(failure, state, parts.random());
        if (ms === undefined) throw givenUp(failure, attempts, elapsedMs);
        await pause({ ms, attempts, failure, leftMs: deadlineMs - elapsedMs }, stop);
        const leftMs = deadlineMs - (monotonicNow() - begun);
        timeoutMs = Math.min(parts.timeoutMs, Math.max(LEAST_ATTEMPT_MS, leftMs));
      }
    }
  }

  return {
    /** Requests sent so far, repeated ones included. */
    requests: () => requests,
    /**
     * One page, asked for again for as long as the deadline allows.
     * @throws ConnectorError, or Cancelled once the signal is aborted
     */
    page({ path, parameters, select }: ExportRequest, query: PageQuery, signal: AbortSignal): Promise<Page> {
      const options = select && { select };
      const body = JSON.stringify({ apiKey, secretKey, ...query, ...parameters, options });
      const turn = last.then(() => retried(path, body, signal));
      last = turn.catch(() => undefined);
      return turn;
    },
  };
}

function givenUp({ kind, message }: RetriableFailure, attempts: number, elapsedMs: number): ConnectorError {
  const tried = `${attempts} ${attempts === 1 ? "attempt" : "attempts"} in ${Math.round(elapsedMs / 1000)} s`;
  const detail = `${kind}: ${message}; ${tried}`;
  if (kind === "contract") {
    const sentence = `Browsee's answer is not what its documentation promises: ${message} (${tried}). Check api_url, and try again later; if it stays, report it to Browsee's support.`;
    return systemError("contract_broken", sentence, detail);
  }
  const sentence = `Browsee's API gave no page: ${message} (${tried}). Try again later; a sync goes on where it stopped.`;
  return transientError("api_unavailable", sentence, detail);
}
